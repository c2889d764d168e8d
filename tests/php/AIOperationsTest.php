<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI\Inference\ModelLoader;
use MesChain\{AI, Exception, Shop};

/** Training runs, champion and challenger, versions and the way back, on a shop of one's own. */
final class AIOperationsTest extends ShopCase
{
    public function testAChallengerThatIsNoBetterDoesNotGoLive(): void
    {
        $settings = $this->trained();
        $ai = new AI($settings);
        $first = $ai->versions('pricing');
        self::assertCount(1, $first);
        self::assertTrue($first[0]['serving'] && $first[0]['good']);
        self::assertSame(['published'], array_column($ai->runs(['type' => 'pricing']), 'status'));

        // The same data and seed: the same figures.
        $result = $ai->train(['models' => ['pricing']])->result();

        self::assertSame('not_better', $result['runs'][0]['status']);
        self::assertSame('not_better', $result['models'][0]['reason']);
        self::assertSame($first[0]['version'], $ai->models()[1]['version']);
        $run = $ai->runs(['type' => 'pricing', 'limit' => 1])[0];
        self::assertSame(['not_better', $first[0]['version']], [$run['status'], $run['champion_version']]);
        self::assertSame($run['champion'], $run['challenger']);
        self::assertStringContainsString('does not beat', $run['error']);
        self::assertNotNull($run['finished_at']);
    }

    public function testForceServesAndRollingBackReturns(): void
    {
        $settings = $this->trained();
        $ai = new AI($settings);
        $before = $ai->versions('pricing')[0]['version'];
        sleep(1);
        $ai->train(['models' => ['pricing'], 'force' => true, 'seed' => 2])->result();
        $now = $ai->versions('pricing');
        self::assertCount(2, $now);
        self::assertNotSame($before, $ai->models()[1]['version']);

        $row = $ai->rollBack('pricing', $before, ['user_id' => 3, 'user_name' => 'Deniz']);

        self::assertSame([$before, 'active'], [$row['version'], $row['status']]);
        self::assertSame($before, $ai->models()[1]['version']);
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        [$user, $detail] = self::row("SELECT user_name, detail FROM `$schema`.meschain_ai_audit WHERE action = 'rolled_back'");
        self::assertSame('Deniz', $user);
        self::assertSame($before, json_decode($detail, true)['to']);
        self::assertThrows(Exception\NotFoundException::class, fn () => $ai->rollBack('pricing', '20200101-000000-00000000'));
        self::assertThrows(Exception\ArgumentException::class, fn () => $ai->versions('astrology'), 'type', 'astrology');
    }

    public function testAnUpdateKeepsTheChoicesAndSaysSo(): void
    {
        $settings = $this->trained();
        $trainer = new AI\Training\ModelTrainer($settings);

        $run = $trainer->update(['models' => ['pricing'], 'force' => true])->result()['runs'][0];
        self::assertSame(['update', null, 'published'], [$run['mode'], $run['full_because'], $run['status']]);
        self::assertSame(['update', null], [$trainer->runs(['limit' => 1])[0]['mode'], $trainer->runs(['limit' => 1])[0]['full_because']]);
        $compared = (new AI($settings))->train(['models' => ['pricing'], 'update' => true])->result()['runs'][0];
        self::assertNotNull($compared['verdict']);
        self::assertSame('update', $compared['mode']);

        $first = $trainer->update(['models' => ['recommendation']])->result()['runs'][0];
        self::assertSame(['full', 'no_model', 'published'], [$first['mode'], $first['full_because'], $first['status']]);
        self::assertThrows(Exception\ArgumentException::class, fn () => $trainer->update(['models' => ['astrology']]), 'models', 'astrology');
    }

    public function testUpdatesComeBetweenFullTrainingsAndPutNoneOff(): void
    {
        $settings = $this->trained();
        $ai = new AI($settings);
        self::assertSame(['full'], array_column($ai->schedule()['next'], 'mode'));
        $ai->saveSettings(['update_days' => 2]);
        self::assertSame(['update'], array_column($ai->schedule()['next'], 'mode'));
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        self::database()->query("UPDATE `$schema`.meschain_ai_training_runs SET started_at = UTC_TIMESTAMP() - INTERVAL 4 DAY");

        (new Shop($settings))->work(['once' => true])->result();

        $runs = $ai->runs();
        self::assertSame([['update', 'schedule'], ['full', 'manual']], array_map(fn ($run) => [$run['mode'], $run['reason']], $runs));
        // Two days from the update on, and three of the seven from the full training on are left.
        self::assertSame('update', $ai->schedule()['next'][0]['mode']);
        self::database()->query("UPDATE `$schema`.meschain_ai_training_runs SET started_at = started_at - INTERVAL 4 DAY");
        self::assertSame('full', $ai->schedule()['next'][0]['mode']);
    }

    public function testADamagedFileIsFoundByTheCheck(): void
    {
        $settings = $this->trained();
        $loader = new AI\Inference\ModelLoader($settings);
        $found = $loader->check('pricing');
        self::assertTrue($found['good']);
        self::assertSame([(new AI($settings))->models()[1]['version'], null, 1], [$found['version'], $found['error'], count($found['files'])]);
        self::assertSame(['available' => false, 'reason' => 'not_trained'], $loader->check('forecasting'));

        $file = glob("{$settings['data_dir']}/models/shop-*")[0] . "/pricing/{$found['files'][0]['file']}";
        $bytes = file_get_contents($file);
        $bytes[intdiv(strlen($bytes), 2)] = chr(ord($bytes[intdiv(strlen($bytes), 2)]) ^ 1);
        file_put_contents($file, $bytes);
        $found = $loader->check('pricing');
        self::assertFalse($found['good']);
        self::assertFalse($found['files'][0]['good']);
        self::assertIsString($found['error']);
        self::assertThrows(Exception\ArgumentException::class, fn () => $loader->check('astrology'), 'type', 'astrology');
    }

    public function testADeadRunIsClosedByTheNext(): void
    {
        $settings = $this->trained();
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        self::database()->query("INSERT INTO `$schema`.meschain_ai_training_runs (model_type) VALUES ('pricing')");

        (new AI($settings))->train(['models' => ['pricing']])->result();

        self::assertSame([], self::rows("SELECT run_id FROM `$schema`.meschain_ai_training_runs WHERE status = 'running'"));
        self::assertSame(['1'], self::row("SELECT COUNT(*) FROM `$schema`.meschain_ai_training_runs WHERE status = 'failed'"));
    }

    public function testATriedAgainJobDoesNotRedoWhatFinished(): void
    {
        $settings = $this->trained();
        $shop = new Shop($settings);
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        $job = $shop->enqueue('train', ['models' => ['pricing']]);
        self::database()->query("INSERT INTO `$schema`.meschain_ai_training_runs (model_type, status, detail, started_at)
            VALUES ('pricing', 'not_better', '{\"job_id\": $job}', UTC_TIMESTAMP(6))");

        self::assertSame(1, $shop->work(['once' => true])->result()['done']);

        self::assertSame([], $shop->job($job)['result']['runs']);
    }

    public function testACancelledTrainingIsResumedWithWhatIsLeft(): void
    {
        $settings = $this->trained();
        [$shop, $trainer] = [new Shop($settings), new AI\Training\ModelTrainer($settings)];
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        $job = $shop->enqueue('train', ['models' => ['pricing', 'recommendation']]);
        // What the job had finished before it was cancelled.
        self::database()->query("INSERT INTO `$schema`.meschain_ai_training_runs (model_type, status, detail, started_at)
            VALUES ('pricing', 'published', '{\"job_id\": $job}', UTC_TIMESTAMP(6))");

        self::assertTrue($trainer->cancel($job));
        self::assertSame('cancelled', $shop->job($job)['status']);
        self::assertFalse($trainer->cancel($job));
        self::assertSame(0, $shop->work(['once' => true])->result()['done']);
        self::assertTrue($trainer->resume($job));
        self::assertFalse($trainer->resume($job));
        self::assertSame(1, $shop->work(['once' => true])->result()['done']);

        self::assertSame(['recommendation'], array_column($shop->job($job)['result']['runs'], 'type'));
        $other = $shop->enqueue('refresh', [], ['delay_seconds' => 3600]);
        self::assertThrows(Exception\NotFoundException::class, fn () => $trainer->cancel($other), 'training', (string) $other);
        self::assertThrows(Exception\ArgumentException::class, fn () => $trainer->cancel(0), 'jobId');
        self::assertSame('queued', $shop->job($other)['status']);
    }

    public function testWhatWasLeftOutIsCounted(): void
    {
        $settings = $this->trained();
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        [$lines] = self::row("SELECT COUNT(*) FROM `$schema`.oc_order_product p JOIN `$schema`.oc_order o ON o.order_id = p.order_id");
        [$open] = self::row("SELECT COUNT(*) FROM `$schema`.oc_order_product p JOIN `$schema`.oc_order o ON o.order_id = p.order_id WHERE o.order_status_id = 0");

        $quality = (new AI($settings))->quality('pricing');

        self::assertTrue($quality['available']);
        self::assertSame((int) $lines, $quality['rows']);
        self::assertSame($quality['rows'], $quality['used'] + array_sum(array_column($quality['reasons'], 'count')));
        self::assertEqualsWithDelta($quality['used'] / $quality['rows'], $quality['share'], 1e-9);
        $run = (new AI($settings))->runs(['type' => 'pricing', 'limit' => 1])[0];
        self::assertSame([$quality['used'], $quality['rows']], [$run['rows_used'], $run['rows_seen']]);
        self::assertSame((int) $open, array_column($quality['reasons'], 'count', 'reason')['unfinished_order'] ?? 0);
        [$used] = self::row("SELECT COUNT(*) FROM `$schema`.meschain_ai_training_data WHERE model_type = 'pricing' AND is_validated = 1");
        self::assertSame('200', $used);
        self::assertSame(['available' => false, 'reason' => 'not_trained'], (new AI($settings))->quality('forecasting'));
    }

    public function testAnalyticsAndScheduleKeepTheirShapes(): void
    {
        $settings = $this->trained();
        $ai = new AI($settings);

        $schedule = $ai->schedule();
        self::assertTrue($schedule['enabled']);
        self::assertSame(['pricing'], array_column($schedule['next'], 'type'));
        self::assertGreaterThan(gmdate('c', time() + 5 * 86400), $schedule['next'][0]['due_at']);
        self::assertSame('published', $schedule['last']['status']);

        $figures = $ai->analytics('pricing', ['days' => 30]);
        self::assertSame(['name' => 'wape', 'better' => 'lower'], $figures['metric']);
        self::assertSame([$ai->models()[1]['metric']['value']], array_column($figures['accuracy'], 'value'));
        self::assertSame(['count' => 0, 'median_ms' => null, 'per_day' => []], $figures['predictions']);
        foreach (['categorization', 'forecasting', 'recommendation'] as $type) {
            self::assertSame([], $ai->analytics($type)['drift']);
            self::assertSame(['available' => false, 'reason' => 'not_trained'], $ai->importance($type));
        }
        self::assertThrows(Exception\ArgumentException::class, fn () => $ai->analytics('pricing', ['days' => 3]), 'days');
    }

    public function testTheCalibrationIsThatOfTheHeldOutProducts(): void
    {
        $ai = new AI();
        $bins = $ai->analytics('categorization')['calibration'];
        self::assertSame($ai->models()[0]['metric']['held_out'], array_sum(array_column($bins, 'count')));
        $right = array_sum(array_map(static fn (array $bin): float => $bin['accuracy'] * $bin['count'], $bins));
        self::assertEqualsWithDelta($ai->models()[0]['metric']['value'], $right / array_sum(array_column($bins, 'count')), 1e-9);
        self::assertSame([], $ai->analytics('pricing')['calibration']);
    }

    public function testDriftIsKeptAndToldOnce(): void
    {
        $settings = $this->trained();
        $ai = new AI($settings);
        $ai->saveSettings(['drift_psi_limit' => 0.01]);
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        // Prices of the newest weeks are three times what they were.
        self::database()->query("UPDATE `$schema`.oc_order_product p JOIN `$schema`.oc_order o ON o.order_id = p.order_id
            SET p.price = p.price * 3 WHERE o.date_added > (SELECT * FROM (SELECT MAX(date_added) - INTERVAL 20 DAY FROM `$schema`.oc_order) newest)");
        (new Shop($settings))->refresh(['rebuild' => true])->result();

        $measures = $ai->checkDrift()->result()['measures'];
        $ai->checkDrift()->result();

        $price = array_values(array_filter($measures, fn ($one) => $one['measure'] === 'psi:price'))[0];
        self::assertSame('drifted', $price['status']);
        self::assertGreaterThan(0.25, $price['value']);
        self::assertSame(['1'], self::row("SELECT COUNT(*) FROM `$schema`.meschain_system_alerts WHERE is_resolved = 0"));
        self::assertContains('psi:price', array_column($ai->analytics('pricing')['drift'], 'measure'));

        $ai->saveSettings(['drift_psi_limit' => 10]);
        $ai->checkDrift()->result();
        self::assertSame(['0'], self::row("SELECT COUNT(*) FROM `$schema`.meschain_system_alerts WHERE is_resolved = 0"));
    }

    public function testWhatModelsAnsweredIsLoggedInBatches(): void
    {
        $settings = $this->trained();
        $ai = new AI($settings);
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        $count = fn () => (int) self::row("SELECT COUNT(*) FROM `$schema`.meschain_ai_predictions")[0];
        $ai->saveSettings(['prediction_log_sample' => 0]);
        $price = fn () => $ai->priceOptimizer()->optimizePrice(1, 1, null);
        $answer = $price();
        self::assertSame([0, 0], [$ai->flushPredictions(), $count()]);

        $ai->saveSettings(['prediction_log_sample' => 1]);
        for ($n = 0; $n < 3; $n++) {
            $price();
        }
        // No model answers here, so there is nothing to log.
        $ai->recommendationEngine()->similar(1);
        $ai->product(1);
        self::assertSame(0, $count(), 'nothing is written on the calling path');
        self::assertSame(4, $ai->flushPredictions());
        self::assertSame(0, $ai->flushPredictions());

        $row = self::rows("SELECT p.*, m.model_version FROM `$schema`.meschain_ai_predictions p
            JOIN `$schema`.meschain_ai_models m USING (model_id) ORDER BY prediction_id LIMIT 1")[0];
        self::assertSame(['1', '1', $ai->models()[1]['version']], [$row['product_id'], $row['marketplace_id'], $row['model_version']]);
        self::assertEquals($answer['suggested_price'], json_decode($row['prediction_result'], true)['suggested_price']);
        self::assertEqualsWithDelta($answer['confidence'], $row['confidence_score'], 1e-4);
        self::assertGreaterThan(0, $row['execution_time_ms']);
        $figures = $ai->analytics('pricing')['predictions'];
        self::assertSame([4, [['day' => gmdate('Y-m-d'), 'count' => 4]]], [$figures['count'], $figures['per_day']]);
        self::assertGreaterThan(0, $figures['median_ms']);

        self::database()->query("UPDATE `$schema`.meschain_ai_predictions SET created_at = UTC_TIMESTAMP() - INTERVAL 31 DAY");
        $price();
        (new Shop($settings))->work(['once' => true])->result();
        self::assertSame(1, $count(), 'a worker writes what waits and deletes what is old');
    }

    public function testADatabaseThatRefusesDoesNotReachTheCaller(): void
    {
        $settings = $this->trained();
        (new AI($settings))->train(['models' => ['recommendation']])->result();
        (new AI($settings))->saveSettings(['prediction_log_sample' => 1]);
        // The same shop, and a database that lets nobody in.
        $dead = ['database_url' => preg_replace('#//[^@]*@#', '//nobody:none@', $settings['database_url'])] + $settings;
        $ai = new AI($dead);

        self::assertNotEmpty($ai->recommendationEngine()->similar(1));
        self::assertThrows(Exception\DatabaseException::class, fn () => $ai->flushPredictions());

        // What waited is written once the database is back.
        self::assertSame(1, (new AI($settings))->flushPredictions());
    }

    public function testAWorkerTrainsAgainWhatIsDue(): void
    {
        $settings = $this->trained();
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        self::database()->query("UPDATE `$schema`.meschain_ai_training_runs SET started_at = UTC_TIMESTAMP() - INTERVAL 9 DAY");

        (new Shop($settings))->work(['once' => true])->result();

        $runs = (new AI($settings))->runs();
        self::assertCount(2, $runs);
        self::assertSame(['schedule', 'pricing'], [$runs[0]['reason'], $runs[0]['type']]);
    }

    public function testAWorkerTrainsAgainWhatCannotBeRead(): void
    {
        $settings = $this->trained();
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        self::database()->query("DELETE FROM `$schema`.meschain_ai_model_files");
        [$file] = glob($settings['data_dir'] . '/models/shop-*/pricing/*.model');
        file_put_contents($file, 'torn');
        [$next] = (new AI($settings))->schedule()['next'];
        self::assertSame(['pricing', 'upgrade', 'full'], [$next['type'], $next['reason'], $next['mode']]);

        (new Shop($settings))->work(['once' => true])->result();

        $runs = (new AI($settings))->runs();
        self::assertSame(['upgrade', 'published'], [$runs[0]['reason'], $runs[0]['status']]);
        self::assertTrue((new ModelLoader($settings))->check('pricing')['good']);
    }

    private function trained(): array
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 7])->result();
        $shop->refresh()->result();
        (new AI($settings))->train(['models' => ['pricing']])->result();
        return $settings;
    }
}

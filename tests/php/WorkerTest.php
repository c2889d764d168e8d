<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI\Inference\ModelLoader;
use MesChain\AI\Training\ModelTrainer;
use MesChain\{AI, Shop};

/** A worker in a process of its own, and what a page in another one asks of it meanwhile. */
final class WorkerTest extends ShopCase
{
    private array $settings;
    private string $schema;

    public function testATrainingThatAWorkerIsAtIsCancelledAndLeavesNothingHalfWritten(): void
    {
        $this->settings = $this->freshShop();
        $this->schema = substr(strrchr($this->settings['database_url'], '/'), 1);
        $shop = new Shop($this->settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 7])->result();
        $trainer = new ModelTrainer($this->settings);
        $job = $shop->enqueue('train', ['models' => ['pricing', 'categorization']]);

        // The training waits where it reads what people decided, so that the cancellation comes in the middle however fast the machine is.
        $lock = $this->connection();
        $lock->query("LOCK TABLES `{$this->schema}`.meschain_ai_suggestions WRITE");
        $worker = $this->worker();
        $this->wait('the training reads', "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{$this->schema}' AND state LIKE 'Waiting%' AND info LIKE '%meschain_ai_suggestions%'");
        self::assertSame(['running', 'running'], [$shop->job($job)['status'], $trainer->runs()[0]['status']]);
        self::assertTrue($trainer->cancel($job));
        // A heartbeat prolongs the lease, then looks whether the job is wanted.
        [$lease] = self::row("SELECT due_at FROM `{$this->schema}`.meschain_jobs WHERE job_id = $job");
        $this->wait('the worker hears of it', "SELECT due_at <> '$lease' FROM `{$this->schema}`.meschain_jobs WHERE job_id = $job");
        self::assertSame('running', $shop->job($job)['status'], 'it stops at its next step, not before');
        $lock->query('UNLOCK TABLES');
        self::assertSame([0, ['done' => 0, 'failed' => 0]], $this->end($worker));

        self::assertSame('cancelled', $shop->job($job)['status']);
        $runs = fn (): array => array_map(static fn (array $run): string => "$run[type] $run[status]", $trainer->runs());
        self::assertSame(['categorization cancelled', 'pricing published'], $runs());
        // What was finished serves; of what was not there is no trace, on the shelf or in the tables.
        self::assertTrue((new ModelLoader($this->settings))->check('pricing')['good']);
        self::assertSame([], glob($this->settings['data_dir'] . '/models/shop-*/categorization/*{.model,.json,.tmp}*', GLOB_BRACE));
        foreach (['meschain_ai_models', 'meschain_ai_serving'] as $table) {
            self::assertSame([['model_type' => 'pricing']], self::rows("SELECT DISTINCT model_type FROM `{$this->schema}`.$table"), $table);
        }
        self::assertSame('0', self::row("SELECT COUNT(*) FROM `{$this->schema}`.meschain_ai_model_files WHERE is_complete = 0")[0]);

        // Nor does it hold a lock any more: it goes on with what it had not finished.
        self::assertTrue($trainer->resume($job));
        self::assertSame([0, ['done' => 1, 'failed' => 0]], $this->end($this->worker()));
        self::assertSame('done', $shop->job($job)['status']);
        self::assertSame(['categorization published', 'categorization cancelled', 'pricing published'], $runs());
        self::assertTrue((new ModelLoader($this->settings))->check('categorization')['good']);
    }

    /** `meschain worker --once` over the shop of the test; a statement of it may wait for a minute. */
    private function worker(): array
    {
        $set = [];
        foreach (['database_timeout_ms' => '60000'] + $this->settings as $name => $value) {
            array_push($set, '--set', "$name=$value");
        }
        $command = [PHP_BINARY, dirname(__DIR__, 2) . '/php/bin/meschain', 'worker', '--once', '--json', '--quiet', ...$set];
        $handle = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);

        return ['handle' => $handle, 'out' => $pipes[1]];
    }

    /** @return array{int, array{done: int, failed: int}} exit code, and what it did */
    private function end(array $worker): array
    {
        $said = json_decode((string) stream_get_contents($worker['out']), true);

        return [proc_close($worker['handle']), ['done' => $said['done'] ?? -1, 'failed' => $said['failed'] ?? -1]];
    }

    private function wait(string $for, string $sql): void
    {
        for ($until = microtime(true) + 60; microtime(true) < $until; usleep(50_000)) {
            if ((int) self::row($sql)[0] > 0) {
                return;
            }
        }
        self::fail("Waited in vain until $for.");
    }

    private function connection(): \mysqli
    {
        $url = parse_url($this->settings['database_url']);

        return new \mysqli($url['host'], rawurldecode($url['user']), rawurldecode($url['pass']), $this->schema, $url['port']);
    }
}

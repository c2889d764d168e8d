<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Exception\{CorruptFileException, DatabaseException, DeniedException, NotConfiguredException, SettingException, UnreachableException};
use MesChain\{AI, Performance, Reporting, Shop};

/** What is missing is said, what does not need it goes on, and no warning is ever raised. */
final class DegradedTest extends ShopCase
{
    /** Empty text unsets what the INI of the test run sets. */
    private const NOTHING = ['database_url' => '', 'reporting_database_url' => '', 'redis_url' => '', 'memcached' => '', 'data_dir' => ''];

    protected function setUp(): void
    {
        set_error_handler(static fn (int $level, string $message) => throw new \ErrorException($message, 0, $level));
    }

    protected function tearDown(): void
    {
        restore_error_handler();
        parent::tearDown();
    }

    public function testNoDatabase(): void
    {
        $error = self::assertThrows(NotConfiguredException::class, fn () => (new Shop(self::NOTHING))->migrate(), 'database_url');
        self::assertInstanceOf(SettingException::class, $error);
        $report = (new Shop(self::NOTHING))->doctor();
        self::assertFalse($report['ok']);
        self::assertContains('error', array_column($report['checks'], 'status'));
    }

    public function testUnreachableDatabase(): void
    {
        $settings = ['database_url' => 'mysql://shop:hunter2@127.0.0.1:' . self::deadPort() . '/shop', 'database_timeout_ms' => '500'] + self::NOTHING;
        $error = self::assertThrows(UnreachableException::class, fn () => (new Shop($settings))->jobs());
        self::assertStringNotContainsString('hunter2', (string) $error);
        self::assertStringNotContainsString('hunter2', json_encode((new Shop($settings))->doctor()));
    }

    public function testDeniedByTheDatabase(): void
    {
        $url = preg_replace('#//[^@]*@#', '//nobody:hunter2@', self::url('meschain_test'));
        $error = self::assertThrows(DeniedException::class, fn () => (new Shop(['database_url' => $url]))->jobs());
        self::assertInstanceOf(DatabaseException::class, $error);
        self::assertStringNotContainsString('hunter2', (string) $error);
    }

    public function testReportsWithoutADataFolderNameTheSetting(): void
    {
        self::assertThrows(NotConfiguredException::class, fn () => (new Reporting(['data_dir' => '']))->dashboard(), 'data_dir');
    }

    public function testModelsSayThatTheyAreNotTrained(): void
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 9])->result();
        $ai = new AI($settings);
        foreach ($ai->models() as $model) {
            self::assertSame('none', $model['status']);
            self::assertNull($model['metric']);
        }
        $database = trim((string) parse_url($settings['database_url'], PHP_URL_PATH), '/');
        $id = (int) self::row("SELECT MIN(product_id) FROM `$database`.oc_product")[0];
        $price = $ai->priceOptimizer()->optimizePrice($id);
        self::assertSame([false, 'no_model'], [$price['available'], $price['reason']]);
        foreach (array_slice($ai->product($id), 5) as $name => $part) {
            self::assertIsBool($part['available'], $name);
            // A forecast needs no training; the other three say why they are not there.
            self::assertTrue($part['available'] || $part['reason'] !== '', $name);
        }
    }

    public function testReportsGoOnFromTheSnapshotWhileTheDatabaseIsAway(): void
    {
        $url = parse_url(self::url((string) getenv('MESCHAIN_TEST_DATABASE')));
        $forwarder = new Forwarder("127.0.0.1:{$url['port']}");
        $settings = [
            'database_url' => "mysql://{$url['user']}:{$url['pass']}@127.0.0.1:{$forwarder->port}{$url['path']}",
            'data_dir' => $this->folder(),
            'database_timeout_ms' => '500',
        ];
        (new Shop($settings))->refresh()->result();
        $with = (new Reporting($settings))->dashboard(['range' => 'last_90']);
        $forwarder->cut();
        self::assertThrows(DatabaseException::class, fn () => (new Shop($settings))->jobs());
        $without = (new Reporting($settings))->dashboard(['range' => 'last_90']);
        self::assertTrue($without['available']);
        self::assertSame($with['kpis'], $without['kpis']);
    }

    public function testModelsGoOnFromTheSnapshotWhileTheDatabaseIsAway(): void
    {
        [$settings, $forwarder, $id] = $this->trainedShop('500');
        $forwarder->cut();
        $this->assertAPageGoesOn(new AI($settings), $id);
    }

    public function testADatabaseThatHangsIsWaitedForOnceAPage(): void
    {
        [$settings, $forwarder, $id] = $this->trainedShop('2000');
        // Once with a connection that is open already, once by a process that has none.
        foreach ([[$settings, 0], [['database_timeout_ms' => '2001'] + $settings, 1]] as [$page, $visits]) {
            $forwarder->visits();
            $forwarder->hang();
            $this->assertAPageGoesOn(new AI($page), $id);
            self::assertSame($visits, $forwarder->visits());
        }
    }

    private function assertAPageGoesOn(AI $ai, int $id): void
    {
        self::assertTrue($ai->priceOptimizer()->optimizePrice($id)['available']);
        self::assertTrue($ai->demandForecaster()->forecast($id, 4, 'week')['available']);
        self::assertSame(['available' => false, 'reason' => 'database_down'], $ai->priceOptimizer()->optimizePrice($id, 2));
    }

    /** @return array{0: array, 1: Forwarder, 2: int} settings, the way to its database, a product that sells */
    private function trainedShop(string $timeout): array
    {
        $settings = $this->freshShop();
        $url = parse_url($settings['database_url']);
        $forwarder = new Forwarder("127.0.0.1:{$url['port']}");
        $settings['database_url'] = "mysql://{$url['user']}:{$url['pass']}@127.0.0.1:{$forwarder->port}{$url['path']}";
        $settings['database_timeout_ms'] = $timeout;
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 9])->result();
        $shop->refresh()->result();
        (new AI($settings))->train(['models' => ['pricing', 'forecasting']])->result();
        $database = trim($url['path'], '/');
        [$id] = self::row("SELECT product_id FROM `$database`.oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1");

        return [$settings, $forwarder, (int) $id];
    }

    public function testCacheWithoutDataFolderAndWithoutRedis(): void
    {
        $performance = new Performance(self::NOTHING);
        $cache = $performance->cache(['key_prefix' => 'degraded:']);
        self::assertTrue($cache->set('key', [1, 2]));
        self::assertSame([1, 2], $cache->get('key'));
        $states = array_column($performance->status()['tiers'], 'state', 'backend');
        self::assertSame('on', $states['memory']);
        self::assertNotSame('on', $states['redis'] ?? 'off');
    }

    public function testDeadRedisIsToldAndSteppedOver(): void
    {
        $settings = ['redis_url' => 'redis://:hunter2@127.0.0.1:' . self::deadPort() . '/0', 'data_dir' => $this->folder()] + self::NOTHING;
        $performance = new Performance($settings);
        $cache = $performance->cache(['key_prefix' => 'dead:']);
        self::assertTrue($cache->set('key', 'value'));
        self::assertSame('value', $cache->get('key'));
        self::assertSame('computed', $cache->remember('other', fn () => 'computed'));
        $tiers = array_column($performance->status()['tiers'], null, 'backend');
        self::assertSame('down', $tiers['redis']['state'], json_encode($tiers));
        self::assertNotSame('', (string) $tiers['redis']['reason']);
        self::assertStringNotContainsString('hunter2', json_encode($tiers));
    }

    public function testCacheFilesThatAreRemovedUnderAProcess(): void
    {
        $settings = ['data_dir' => $this->folder() . '/data'] + self::NOTHING;
        $cache = (new Performance($settings))->cache();
        self::assertTrue($cache->set('key', 'value'));
        shell_exec('rm -rf ' . escapeshellarg($settings['data_dir']));
        $cache = (new Performance($settings))->cache();
        self::assertNull($cache->get('key'), 'nobody else could end it');
        $cache->set('key', 'new');
        self::assertContains($cache->get('key'), ['new', null]);
    }

    public function testUnwritableDataFolder(): void
    {
        if (function_exists('posix_geteuid') && posix_geteuid() === 0) {
            $folder = '/proc/meschain';
        } else {
            chmod($folder = $this->folder(), 0500);
        }
        $report = (new Shop(['data_dir' => $folder]))->doctor();
        self::assertFalse($report['ok'], json_encode($report));
        self::assertNotSame([], array_filter($report['checks'], fn ($check) => $check['status'] === 'error' && $check['remedy'] !== ''));
    }

    public function testMonitoringNeedsNeitherDatabaseNorFolder(): void
    {
        $monitor = (new Performance(self::NOTHING))->monitor();
        $metrics = $monitor->endRequest($monitor->startRequest('/degraded', 'POST'), 500, 'it broke');
        self::assertSame([500, 'it broke', 'POST'], [$metrics['status_code'], $metrics['error_message'], $metrics['method']]);
    }

    public function testADamagedModelFileIsRefusedAndSaid(): void
    {
        $folder = $this->folder();
        shell_exec('cp -a ' . escapeshellarg(getenv('MESCHAIN_TEST_DATA') . '/.') . ' ' . escapeshellarg($folder));
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator("$folder/models", \FilesystemIterator::SKIP_DOTS));
        foreach (new \RegexIterator($files, '/\.model$/') as $file) {
            $bytes = file_get_contents($file->getPathname());
            $middle = intdiv(strlen($bytes), 2);
            $bytes[$middle] = chr(ord($bytes[$middle]) ^ 0xFF);
            file_put_contents($file->getPathname(), $bytes);
        }
        $ai = new AI(['data_dir' => $folder]);
        self::assertThrows(CorruptFileException::class, fn () => $ai->categorizer()->predict(['name' => 'USB Bellek']), '.model');
        $product = $ai->product((int) self::row('SELECT MIN(product_id) FROM oc_order_product')[0]);
        foreach (['category', 'price_suggestion', 'related'] as $part) {
            self::assertSame([false, 'model_refused'], [$product[$part]['available'], $product[$part]['reason']], $part);
        }

        // What sells, the shop knows without a model; what goes with a product, it does not.
        $engine = $ai->recommendationEngine();
        $sells = $engine->trending(['limit' => 3]);
        self::assertSame(['popular'], array_values(array_unique(array_column($sells, 'reason'))));
        self::assertCount(3, $sells);
        foreach ([fn () => $engine->similar($sells[0]['product_id']), fn () => $engine->recommend(1), fn () => $engine->boughtTogether([1]), fn () => $engine->forBasket([1])] as $call) {
            self::assertThrows(CorruptFileException::class, $call, '.model');
        }
    }
}

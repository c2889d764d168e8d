<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Exception\{ArgumentException, SettingException};
use MesChain\{AI, Performance, Reporting, Shop};

/** Bad input names the parameter, what was expected and what came. Numbers may come as text, as OpenCart hands them over. */
final class ArgumentTest extends ShopCase
{
    /** @dataProvider badCalls */
    public function testRefusalNamesParameterExpectedAndGiven(callable $call, string $parameter, string $given): void
    {
        self::assertThrows(ArgumentException::class, $call, $parameter, 'expected', $given);
    }

    public static function badCalls(): array
    {
        return [
            'unknown range' => [fn () => (new Reporting())->dashboard(['range' => 'fortnight']), 'range', 'fortnight'],
            'unknown key' => [fn () => (new Reporting())->dashboard(['rnage' => 'last_7']), 'query', 'rnage'],
            'limit too small' => [fn () => (new Reporting())->dashboard(['limit' => 0]), 'limit', '0'],
            'limit too large' => [fn () => (new Reporting())->dashboard(['limit' => 101]), 'limit', '101'],
            'limit no number' => [fn () => (new Reporting())->dashboard(['limit' => 'ten']), 'limit', 'ten'],
            'no date' => [fn () => (new Reporting())->dashboard(['range' => 'custom', 'from' => '2026-02-30', 'to' => '2026-03-01']), 'from', '2026-02-30'],
            'dates swapped' => [fn () => (new Reporting())->dashboard(['range' => 'custom', 'from' => '2026-03-02', 'to' => '2026-03-01']), 'to', '2026-03-01'],
            'no section' => [fn () => (new Reporting())->csv('nothing'), 'section', 'nothing'],
            'product as word' => [fn () => (new AI())->product('abc'), 'productId', 'abc'],
            'product with fraction' => [fn () => (new AI())->product(1.5), 'productId', '1.5'],
            'size of sample' => [fn () => (new Shop())->sample(['size' => 'huge']), 'size', 'huge'],
            'kind of job' => [fn () => (new Shop())->enqueue('dance'), 'kind', 'dance'],
            'status of job' => [fn () => (new Shop())->jobs(['status' => 'lost']), 'status', 'lost'],
            'model to train' => [fn () => (new AI())->train(['models' => ['astrology']]), 'models', 'astrology'],
            'horizon' => [fn () => (new AI())->demandForecaster()->forecast(1, 0), 'horizon', '0'],
            'service_level' => [fn () => (new AI())->demandForecaster()->forecast(1, 4, 'week', ['service_level' => 1.5]), 'options["service_level"]', '1.5'],
            'measure' => [fn () => (new AI())->demandForecaster()->forecastTotal(4, 'week', ['measure' => 'weight']), 'measure', 'weight'],
            'batch' => [fn () => (new AI())->demandForecaster()->forecastBatch([1, 'x'], 4, 'week'), 'productIds', 'x'],
            'insight' => [fn () => (new AI())->insights(['kinds' => ['weather']]), 'kinds', 'weather'],
            'granularity' => [fn () => (new AI())->demandForecaster()->forecast(1, 4, 'century'), 'granularity', 'century'],
            'price' => [fn () => (new AI())->priceOptimizer()->optimizePrice(1, 1, -5.0), 'currentPrice', '-5'],
            'prices' => [fn () => (new AI())->priceOptimizer()->simulate(1, [10.0, NAN]), 'prices', 'NaN'],
            'cached object' => [fn () => (new Performance())->cache()->set('key', new \stdClass()), 'value', 'stdClass'],
            'cached closure' => [fn () => (new Performance())->cache()->set('key', ['deep' => fn () => 1]), 'value', 'Closure'],
            'cache option' => [fn () => (new Performance())->cache(['colour' => 'blue']), 'colour', 'colour'],
            'window' => [fn () => (new Performance())->requests(['minutes' => 0]), 'minutes', '0'],
        ];
    }

    /** @dataProvider badSettings */
    public function testSettingsAreRefusedByName(array $settings, string ...$mentions): void
    {
        self::assertThrows(SettingException::class, fn () => (new Shop($settings))->doctor(), ...$mentions);
    }

    public static function badSettings(): array
    {
        return [
            'unknown' => [['colour' => 'blue'], 'colour'],
            'prefix' => [['table_prefix' => 'oc_; DROP'], 'table_prefix', 'letters'],
            'path' => [['data_dir' => 'relative/path'], 'data_dir', 'absolute'],
            'scheme' => [['database_url' => 'pgsql://u:secret@h/d'], 'database_url', 'mysql://'],
            'zone' => [['timezone' => 'Mars/Olympus'], 'timezone', 'Mars/Olympus'],
        ];
    }

    public function testARefusedUrlDoesNotShowItsPassword(): void
    {
        $error = self::assertThrows(SettingException::class, fn () => new Shop(['database_url' => 'pgsql://root:hunter2@h/d']));
        self::assertStringNotContainsString('hunter2', (string) $error->getMessage());
    }

    public function testNumbersMayComeAsText(): void
    {
        [$id] = self::row('SELECT MIN(product_id) FROM oc_product');
        $ai = new AI();
        self::assertSame($ai->product((int) $id)['name'], $ai->product($id)['name']);
        $reporting = new Reporting();
        self::assertCount(3, $reporting->dashboard(['range' => 'all', 'limit' => '3'])['top_products']);
        self::assertSame(
            $reporting->dashboard(['range' => 'last_30', 'store_id' => 0])['kpis'],
            $reporting->dashboard(['range' => 'last_30', 'store_id' => '0'])['kpis'],
        );
    }
}

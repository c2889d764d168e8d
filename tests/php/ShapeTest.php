<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\{AI, Performance, Reporting, Shop};

/** Keys come in a fixed order: templates and JSON rely on it. */
final class ShapeTest extends ShopCase
{
    public function testDashboard(): void
    {
        $data = (new Reporting())->dashboard(['range' => 'last_90']);
        self::assertSame([
            'available', 'range', 'previous', 'last_year', 'currency', 'timezone', 'statuses', 'freshness', 'kpis', 'granularity', 'series',
            'top_products', 'marketplaces',
        ], array_keys($data));
        self::assertSame(['preset', 'from', 'to', 'days'], array_keys($data['range']));
        self::assertSame(['from', 'to', 'days'], array_keys($data['previous']));
        self::assertSame(['code', 'symbol_left', 'symbol_right', 'decimals'], array_keys($data['currency']));
        self::assertSame(['included', 'names'], array_keys($data['statuses']));
        self::assertSame(['built_at', 'age_seconds', 'orders'], array_keys($data['freshness']));
        self::assertSame(
            ['id', 'unit', 'value', 'previous', 'last_year', 'change_previous', 'change_last_year', 'better'],
            array_keys($data['kpis'][0]),
        );
        self::assertSame(['key', 'revenue', 'orders', 'units', 'previous_revenue'], array_keys($data['series'][0]));
        self::assertSame(['product_id', 'name', 'model', 'units', 'orders', 'revenue', 'share'], array_keys($data['top_products'][0]));
        self::assertSame(
            ['marketplace_id', 'code', 'name', 'orders', 'units', 'revenue', 'average_order_value', 'share'],
            array_keys($data['marketplaces'][0]),
        );
    }

    public function testEmptyRangeHasTheSameShapeWithZeros(): void
    {
        $full = (new Reporting())->dashboard(['range' => 'last_30']);
        $empty = (new Reporting())->dashboard(['range' => 'custom', 'from' => '1999-01-01', 'to' => '1999-01-07']);
        self::assertSame(array_keys($full), array_keys($empty));
        $kpis = array_column($empty['kpis'], 'value', 'id');
        self::assertSame(0, $kpis['orders']);
        self::assertSame('0.0000', $kpis['revenue']);
        self::assertCount(7, $empty['series']);
        self::assertSame([], $empty['top_products']);
    }

    public function testMoneyIsExactText(): void
    {
        $data = (new Reporting())->dashboard(['range' => 'last_90']);
        foreach ($data['kpis'] as $kpi) {
            $kpi['unit'] === 'money' ? self::assertMoney($kpi['value'], $kpi['id']) : self::assertIsInt($kpi['value'], $kpi['id']);
        }
        array_map(fn ($row) => self::assertMoney($row['revenue']), [...$data['series'], ...$data['top_products'], ...$data['marketplaces']]);
    }

    public function testProduct(): void
    {
        [$id] = self::row('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1');
        $product = (new AI())->product((int) $id);
        self::assertSame(
            ['product_id', 'name', 'model', 'price', 'quantity', 'category', 'price_suggestion', 'forecast', 'related'],
            array_keys($product),
        );
        foreach (['category', 'price_suggestion', 'forecast', 'related'] as $part) {
            self::assertTrue($product[$part]['available'], "$part: " . json_encode($product[$part]));
            self::assertSame('available', array_key_first($product[$part]));
        }
        self::assertSame(['category', 'category_id', 'confidence', 'suggested'], array_keys($product['category']['suggestions'][0]));
        self::assertSame(['date', 'value', 'lower', 'upper'], array_keys($product['forecast']['points'][0]));
        self::assertSame(['product_id', 'name', 'model', 'price', 'score', 'reason'], array_keys($product['related']['items'][0]));
    }

    public function testModels(): void
    {
        foreach ((new AI())->models() as $model) {
            self::assertSame(
                ['type', 'name', 'version', 'status', 'trained_at', 'data_size', 'metric', 'extra', 'reason'],
                array_keys($model),
            );
            self::assertSame(
                ['name', 'value', 'baseline', 'baseline_name', 'better', 'held_out'],
                array_keys($model['metric'] ?? []),
                $model['type'],
            );
        }
    }

    public function testSnapshotStatusAndRequests(): void
    {
        self::assertSame(
            ['available', 'orders', 'lines', 'products', 'customers', 'bytes', 'built_at', 'age_seconds', 'watermark'],
            array_keys((new Shop())->snapshot()),
        );
        foreach ((new Performance())->status()['tiers'] as $tier) {
            self::assertSame(['tier', 'backend', 'state', 'reason', 'entries', 'bytes', 'hits', 'misses'], array_keys($tier));
        }
        $requests = (new Performance())->requests(['minutes' => 60]);
        self::assertSame(['window_minutes', 'total', 'endpoints', 'series', 'dropped'], array_keys($requests));
        self::assertSame(['count', 'errors', 'p50_ms', 'p95_ms', 'p99_ms', 'max_ms'], array_keys($requests['total']));
    }
}

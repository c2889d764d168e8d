<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\{AI, Reporting, Shop};

/** The source plan's ReportingTest against the native classes. Times are measured by `make bench`, not asserted. */
final class ReportingTest extends ShopCase
{
    public function testReportGeneration(): void
    {
        $class = 'MesChain\Reporting\Engines\ReportGenerator';
        if (!class_exists($class)) {
            self::markTestIncomplete('ReportGenerator comes with the reporting issue; today there are the dashboard and its CSV.');
        }
        $report = (new $class())->generateReport([
            'type' => 'sales',
            'date_range' => '7d',
            'marketplaces' => [1, 2, 3],
            'visualizations' => [
                ['type' => 'line_chart', 'data' => 'daily_sales'],
                ['type' => 'pie_chart', 'data' => 'marketplace_distribution'],
            ],
        ]);
        self::assertArrayHasKey('report_id', $report);
        self::assertArrayHasKey('data_points', $report);
        self::assertGreaterThan(0, $report['data_points']);
    }

    public function testDashboardPerformance(): void
    {
        $response = (new Reporting())->dashboard(['range' => 'last_90']);

        self::assertTrue($response['available']);
        self::assertNotEmpty($response['series']);
        self::assertNotEmpty($response['top_products']);
        $orders = array_column($response['kpis'], 'value', 'id')['orders'];
        self::assertSame($orders, array_sum(array_column($response['series'], 'orders')));
        self::assertSame($orders, array_sum(array_column($response['marketplaces'], 'orders')));
    }

    public function testOneConnectionServesReportsAndModels(): void
    {
        $settings = $this->freshShop();
        (new Shop($settings))->migrate();
        (new Shop($settings))->sample(['size' => 'small', 'seed' => 9])->result();
        (new Reporting($settings))->dashboard();
        (new AI($settings))->settings();
        (new Shop($settings))->jobs();
        $held = fn (): int => (int) self::row("SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" . substr(strrchr($settings['database_url'], '/'), 1) . "'")[0];
        // What was closed a moment ago may still be in the list.
        for ($look = 0; $held() > 1 && $look < 40; $look++) {
            usleep(50_000);
        }
        self::assertSame(1, $held());
    }
}

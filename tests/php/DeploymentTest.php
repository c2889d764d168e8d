<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\{AI, Performance, Reporting, Shop};
use MesChain\Performance\Monitoring\PerformanceMonitor;

/** The source plan's deployment test against the installed extension. */
final class DeploymentTest extends ShopCase
{
    public function testDatabaseConnection(): void
    {
        $tables = [
            'meschain_ai_models', 'meschain_ai_training_data', 'meschain_ai_predictions', 'meschain_reports', 'meschain_kpi_metrics',
            'meschain_dashboard_widgets', 'meschain_performance_metrics', 'meschain_cache_stats', 'meschain_system_alerts',
            'meschain_marketplaces', 'meschain_products', 'meschain_order_origin', 'meschain_product_costs', 'meschain_jobs',
        ];
        $found = array_map('current', self::rows("SHOW TABLES LIKE 'meschain\\_%'"));
        self::assertSame([], array_values(array_diff($tables, $found)));
        foreach ((new Shop())->migrationStatus() as $migration) {
            self::assertSame('applied', $migration['status'], "{$migration['version']} {$migration['name']}");
        }
    }

    public function testCacheConnection(): void
    {
        $tiers = array_column((new Performance())->status()['tiers'], null, 'backend');
        self::assertSame('on', $tiers['redis']['state'], json_encode($tiers));
        $cache = (new Performance())->cache();
        self::assertTrue($cache->set('deployment', 'test_value'));
        self::assertSame('test_value', $cache->get('deployment'));
    }

    public function testAIModels(): void
    {
        $models = (new AI())->models();
        self::assertSame(['categorization', 'pricing', 'forecasting', 'recommendation'], array_column($models, 'type'));
        foreach ($models as $model) {
            self::assertSame('active', $model['status'], json_encode($model));
        }
        $registered = self::rows("SELECT model_type, model_path FROM meschain_ai_models WHERE status = 'active'");
        self::assertCount(4, $registered);
        foreach ($registered as $row) {
            $path = str_starts_with($row['model_path'], '/') ? $row['model_path'] : getenv('MESCHAIN_TEST_DATA') . "/{$row['model_path']}";
            // Each node has the shop's folder below `models`, by its own name for the database.
            $own = glob(getenv('MESCHAIN_TEST_DATA') . '/models/shop-*/' . substr($row['model_path'], strlen('models/')));
            self::assertTrue(is_file($path) || count($own) === 1, "no model file {$row['model_path']}");
        }
    }

    public function testReportingSystem(): void
    {
        $reporting = new Reporting();
        self::assertTrue($reporting->dashboard(['range' => 'last_30'])['available']);
        self::assertTrue($reporting->verify(['range' => 'last_30'])['equal']);
    }

    public function testPerformanceMonitoring(): void
    {
        $monitor = new PerformanceMonitor();
        $context = $monitor->startRequest('/test', 'GET');
        $metrics = $monitor->endRequest($context, 200);

        self::assertSame(
            ['endpoint', 'method', 'response_time_ms', 'memory_usage_mb', 'cpu_usage_percent', 'status_code', 'error_message', 'user_id', 'marketplace_id'],
            array_keys($metrics),
        );
        self::assertSame('/test', $metrics['endpoint']);
        self::assertSame(200, $metrics['status_code']);
        self::assertGreaterThan(0, $metrics['response_time_ms']);
    }

    public function testEverythingTheDoctorLooksAtIsInOrder(): void
    {
        $report = (new Shop())->doctor();
        $errors = array_filter($report['checks'], fn ($check) => $check['status'] === 'error');
        self::assertSame([], array_values($errors));
        self::assertTrue($report['ok']);
        foreach ($report['checks'] as $check) {
            self::assertSame(['name', 'status', 'value', 'remedy'], array_keys($check));
            if (in_array($check['status'], ['warning', 'error'], true)) {
                self::assertNotSame('', $check['remedy'], "{$check['name']} has no remedy");
            }
        }
    }
}

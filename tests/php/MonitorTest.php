<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Performance;

final class MonitorTest extends ShopCase
{
    public function testRequestsAreCountedWithTheirPercentiles(): void
    {
        $performance = new Performance(['data_dir' => $this->folder()]);
        $monitor = $performance->monitor();
        for ($n = 0; $n < 20; $n++) {
            $metrics = $monitor->endRequest($monitor->startRequest('report/sales', 'GET'), $n < 18 ? 200 : 500);
            self::assertGreaterThanOrEqual(0.0, $metrics['response_time_ms']);
        }
        $requests = $performance->requests(['minutes' => 5]);
        self::assertSame(5, $requests['window_minutes']);
        self::assertSame([20, 2], [$requests['total']['count'], $requests['total']['errors']]);
        $endpoint = $requests['endpoints'][0];
        self::assertSame(['report/sales', 'GET', 20, 2], [$endpoint['endpoint'], $endpoint['method'], $endpoint['count'], $endpoint['errors']]);
        self::assertLessThanOrEqual($endpoint['p95_ms'], $endpoint['p50_ms']);
        self::assertLessThanOrEqual($endpoint['p99_ms'], $endpoint['p95_ms']);
        self::assertLessThanOrEqual($endpoint['max_ms'], $endpoint['p99_ms']);
        self::assertSame(20, array_sum(array_column($requests['series'], 'count')));
    }

    public function testReportHasTheKeysOfThePlan(): void
    {
        $monitor = (new Performance(['data_dir' => $this->folder()]))->monitor();
        $monitor->endRequest($monitor->startRequest('report/plan', 'GET'));
        $rows = $monitor->getPerformanceReport('24h');
        self::assertSame([
            'endpoint', 'request_count', 'avg_response_time', 'max_response_time', 'min_response_time', 'avg_memory_usage', 'avg_cpu_usage', 'error_count',
        ], array_keys($rows[0]));
        self::assertSame(['report/plan', 1, 0], [$rows[0]['endpoint'], $rows[0]['request_count'], $rows[0]['error_count']]);
    }

    public function testFlushWritesToTheDatabaseOnce(): void
    {
        $endpoint = 'flush/' . bin2hex(random_bytes(4));
        $monitor = (new Performance(['data_dir' => $this->folder()]))->monitor();
        $monitor->endRequest($monitor->startRequest($endpoint, 'POST'), 503, 'closed');
        [$before] = self::row("SELECT COUNT(*) FROM meschain_performance_metrics WHERE endpoint = '$endpoint'");
        self::assertEquals(0, $before, 'nothing is written on the page\'s path');
        self::assertSame(1, $monitor->flush());
        self::assertSame(0, $monitor->flush());
        $rows = self::rows("SELECT method, status_code, error_message FROM meschain_performance_metrics WHERE endpoint = '$endpoint'");
        self::assertEquals([['method' => 'POST', 'status_code' => 503, 'error_message' => 'closed']], $rows);
    }

    public function testTheTimeOfARequestIsMeasured(): void
    {
        $monitor = (new Performance(['data_dir' => $this->folder()]))->monitor();
        $context = $monitor->startRequest('slow', 'GET');
        usleep(20_000);
        self::assertGreaterThanOrEqual(20.0, $monitor->endRequest($context)['response_time_ms']);
    }
}

<?php

namespace MesChain\Performance\Monitoring;

/** Times requests. Nothing is written to the database on the shopper's path; `meschain worker` drains the samples. */
class PerformanceMonitor
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /** @return array{start_time: float, start_memory: int, endpoint: string, method: string} for endRequest() */
    public function startRequest(string $endpoint, string $method = 'GET'): array {}

    /**
     * @return array{endpoint: string, method: string, response_time_ms: float, memory_usage_mb: float,
     *   cpu_usage_percent: ?float, status_code: int, error_message: ?string, user_id: ?int, marketplace_id: ?int}
     */
    public function endRequest(array $context, int $statusCode = 200, ?string $error = null): array {}

    /**
     * @param string $timeRange a number and m, h or d: 90m, 24h, 7d
     * @return list<array{endpoint: string, request_count: int, avg_response_time: float, max_response_time: float,
     *   min_response_time: float, avg_memory_usage: float, avg_cpu_usage: ?float, error_count: int}>
     */
    public function getPerformanceReport(string $timeRange = '24h'): array {}

    /** Drains the samples into meschain_performance_metrics; the number of rows written. */
    public function flush(): int {}
}

<?php

namespace MesChain;

/** Why the shop is slow, and what makes it fast: the tiered cache and the timing of requests. */
class Performance
{
    /**
     * @param null|string|array|object $settings see Shop
     * @throws Exception\ArgumentException|Exception\SettingException
     */
    public function __construct(mixed $settings = null) {}

    /** @param array{default_ttl?: int, key_prefix?: string} $options */
    public function cache(array $options = []): Performance\Cache\CacheManager {}

    public function monitor(): Performance\Monitoring\PerformanceMonitor {}

    /**
     * Requests of the last minutes on this machine, all workers together.
     *
     * @param array{minutes?: int} $query 1 to 1440, default 60
     * @return array{window_minutes: int, total: array{count: int, errors: int, p50_ms: float, p95_ms: float,
     *   p99_ms: float, max_ms: float}, endpoints: list<array{endpoint: string, method: string, count: int, errors: int,
     *   p50_ms: float, p95_ms: float, p99_ms: float, max_ms: float, memory_mb: float}>,
     *   series: list<array{minute: string, count: int, p95_ms: float}>, dropped: int}
     */
    public function requests(array $query = []): array {}

    /**
     * @return array{tiers: list<array{tier: 'L0'|'L1'|'L2', backend: string, state: 'on'|'off'|'down', reason: string,
     *   entries: int, bytes: int, hits: int, misses: int}>}
     */
    public function status(): array {}
}

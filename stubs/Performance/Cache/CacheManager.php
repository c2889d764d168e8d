<?php

namespace MesChain\Performance\Cache;

/**
 * One cache over the memory of the worker, the machine and Redis or Memcached. A tier that is down is a miss, never an
 * error. Values: null, bool, int, float, string, and arrays of those; a stored null is a hit.
 */
class CacheManager
{
    /**
     * @param null|string|array|object $settings see MesChain\Shop; as an array also `default_ttl` (3600 seconds) and
     *   `key_prefix` ('meschain:')
     */
    public function __construct(mixed $settings = null) {}

    public function get(string $key, mixed $default = null): mixed {}

    /**
     * @param ?int $ttl seconds; null: the default
     * @return bool whether at least one tier took it
     * @throws \MesChain\Exception\ArgumentException for objects, resources and closures
     */
    public function set(string $key, mixed $value, ?int $ttl = null): bool {}

    public function delete(string $key): bool {}

    public function has(string $key): bool {}

    /** Empties this prefix only; other applications on the same Redis keep theirs. */
    public function clear(): bool {}

    /** The cached value, or what $callback returns, computed by one worker at a time and stored. */
    public function remember(string $key, callable $callback, ?int $ttl = null): mixed {}

    /** @return array<string, mixed> in the order of $keys */
    public function getMultiple(array $keys, mixed $default = null): array {}

    /**
     * Writes to each tier in one go, but one by one to Memcached, files and a Redis Cluster.
     *
     * @param array<string, mixed> $values
     */
    public function setMultiple(array $values, ?int $ttl = null): bool {}

    /** @param string|list<string> $tags */
    public function tags(array|string $tags): TaggedCache {}

    /** @return array{hits: int, misses: int, sets: int, deletes: int, hit_rate: float, tiers: list<array>} */
    public function getStats(): array {}
}

<?php

namespace MesChain\Performance\Cache;

/** A view of the cache whose entries fall together: flush() of any of their tags makes them misses at once. */
class TaggedCache
{
    public function get(string $key, mixed $default = null): mixed {}

    public function set(string $key, mixed $value, ?int $ttl = null): bool {}

    public function delete(string $key): bool {}

    public function remember(string $key, callable $callback, ?int $ttl = null): mixed {}

    /** Makes every entry of these tags a miss, on every worker; costs one counter a tag, whatever the number of entries. */
    public function flush(): bool {}
}

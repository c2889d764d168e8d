<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * What pages of the shop keep for some minutes: in the native cache where there is one, else in OpenCart's own. Without remember(): its
 * lock costs more than drawing what is kept here.
 */
final class Kept
{
    private ?object $native = null;
    /** @var array<string, mixed> what write() writes, in one request to the cache instead of one for each */
    private array $new = [];

    public function __construct(private object $cache, private string $prefix, private int $seconds)
    {
        if (class_exists(\MesChain\Performance::class, false)) {
            $this->native = (new \MesChain\Performance())->cache();
        }
    }

    /**
     * @param list<string> $keys
     * @return list<mixed> in the order of the keys; null where nothing is kept
     */
    public function get(array $keys): array
    {
        $names = array_map(fn (string $key): string => $this->prefix . $key, $keys);

        return $this->native ? array_values($this->native->getMultiple($names)) : array_map(fn (string $name): mixed => $this->cache->get($name) ?: null, $names);
    }

    /** @param array<string, mixed> $values kept from write() on */
    public function add(array $values): void
    {
        foreach ($values as $key => $value) {
            $this->new[$this->prefix . $key] = $value;
        }
    }

    public function write(): void
    {
        [$new, $this->new] = [$this->new, []];
        if ($this->native && $new) {
            $this->native->setMultiple($new, $this->seconds);

            return;
        }
        foreach ($new as $name => $value) {
            $this->cache->set($name, $value, $this->seconds);
        }
    }
}

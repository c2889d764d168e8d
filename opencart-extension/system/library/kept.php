<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * What pages of the shop keep for some minutes: in the native cache where there is one, else in OpenCart's own. Without remember(): its
 * lock costs more than drawing what is kept here.
 */
final class Kept
{
    private ?object $native = null;

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

    /** @param array<string, mixed> $values */
    public function set(array $values): void
    {
        $named = array_combine(array_map(fn (string|int $key): string => $this->prefix . $key, array_keys($values)), $values);
        if ($this->native) {
            $this->native->setMultiple($named, $this->seconds);

            return;
        }
        foreach ($named as $name => $value) {
            $this->cache->set($name, $value, $this->seconds);
        }
    }
}

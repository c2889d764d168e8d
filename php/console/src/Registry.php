<?php

namespace MesChainConsole;

/** The services of one request by name, as OpenCart's controllers and models expect to find them. */
class Registry
{
    /** @var array<string,object> */
    private array $services = [];

    public function get(string $key): ?object
    {
        return $this->services[$key] ?? null;
    }

    public function set(string $key, object $value): void
    {
        $this->services[$key] = $value;
    }

    public function has(string $key): bool
    {
        return isset($this->services[$key]);
    }
}

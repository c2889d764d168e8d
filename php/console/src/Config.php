<?php

namespace MesChainConsole;

/** Settings by key. What OpenCart keeps in its settings table is here a file, plus a few values of the shop itself. */
final class Config
{
    /** @var array<string,mixed> */
    private array $values;

    public function __construct(string $folder)
    {
        $this->values = (new JsonFile($folder . '/settings.json'))->read() + [
            'application'            => 'Admin',
            'config_name'            => '',
            'config_currency'        => '',
            'config_language_id'     => 1,
            'module_meschain_status' => '1',
            'module_meschain_range'  => 'last_30',
        ];
    }

    public function get(string $key): mixed
    {
        return $this->values[$key] ?? null;
    }

    public function set(string $key, mixed $value): void
    {
        $this->values[$key] = $value;
    }

    public function has(string $key): bool
    {
        return isset($this->values[$key]);
    }
}

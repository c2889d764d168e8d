<?php

namespace MesChainConsole;

/** Sentences by key. English is loaded first and the wanted language over it, so that a missing sentence still reads. */
final class Language
{
    public const CODES = ['en-gb', 'tr-tr'];
    private const FALLBACK = 'en-gb';

    private array $paths = [];
    private array $data = [];

    public function __construct(private string $code)
    {
    }

    /** @param string $namespace 'extension/meschain', or '' for the console's own sentences */
    public function addPath(string $namespace, string $folder): void
    {
        $this->paths[$namespace] = $folder;
    }

    public function code(): string
    {
        return $this->code;
    }

    public function get(string $key): string
    {
        return $this->data[$key] ?? $key;
    }

    public function all(): array
    {
        return $this->data;
    }

    public function load(string $route): array
    {
        foreach (array_unique([self::FALLBACK, $this->code]) as $code) {
            $this->data = self::read($this->file($route, $code)) + $this->data;
        }

        return $this->data;
    }

    private function file(string $route, string $code): string
    {
        $route = preg_replace('~[^\w/-]~', '', $route);
        foreach ($this->paths as $namespace => $folder) {
            if ($namespace !== '' && str_starts_with($route, $namespace . '/')) {
                return $folder . $code . substr($route, strlen($namespace)) . '.php';
            }
        }

        return $this->paths[''] . $code . '/' . $route . '.php';
    }

    private static function read(string $file): array
    {
        $_ = [];
        if (is_file($file)) {
            require $file;
        }

        return $_;
    }
}

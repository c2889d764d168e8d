<?php

namespace MesChainConsole;

/** Twig as OpenCart runs it: no automatic escaping, no strict variables. */
final class Template
{
    /** @var array<string,string> */
    private array $folders = [];

    public function __construct(private string $cache)
    {
    }

    public function addPath(string $namespace, string $folder): void
    {
        $this->folders[$namespace] = $folder;
    }

    public function render(string $route, array $data): string
    {
        $route = preg_replace('~[^\w/-]~', '', $route);
        [$folder, $name] = [$this->folders[''], $route];
        foreach ($this->folders as $namespace => $path) {
            if ($namespace !== '' && str_starts_with($route, $namespace . '/')) {
                [$folder, $name] = [$path, substr($route, strlen($namespace) + 1)];
            }
        }
        $twig = new \Twig\Environment(new \Twig\Loader\FilesystemLoader($folder), [
            'autoescape' => false, 'auto_reload' => true, 'cache' => $this->cache, 'charset' => 'utf-8',
        ]);

        return $twig->render($name . '.twig', $data);
    }
}

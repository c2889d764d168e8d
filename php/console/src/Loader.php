<?php

namespace MesChainConsole;

/** Finds controllers, models, templates and languages by route, as `$this->load` does in OpenCart. */
final class Loader
{
    /** Routes of the console itself; everything else has to be a controller of the extension. */
    private const OWN = [
        'common/header'      => Host\Header::class,
        'common/column_left' => Host\ColumnLeft::class,
        'common/footer'      => Host\Footer::class,
        'common/dashboard'   => Host\Home::class,
        'common/login'       => Host\Login::class,
        'common/logout'      => Host\Logout::class,
        'common/language'    => Host\Language::class,
        'error/permission'   => Host\Refused::class,
        'error/not_found'    => Host\Missing::class,
    ];

    private const MODELS = ['setting/setting' => Host\SettingModel::class];

    public function __construct(private Registry $registry)
    {
    }

    public function controller(string $route, mixed ...$arguments): mixed
    {
        return $this->run($route, $arguments);
    }

    /** Whether a visitor may ask for this route by its address. */
    public function known(string $route): bool
    {
        [$path, $method] = self::split($route);
        $class = $this->controllerClass($path);

        return $class !== null && !str_starts_with($method, '__') && method_exists($class, $method)
            && (new \ReflectionMethod($class, $method))->isPublic();
    }

    public function run(string $route, array $arguments): mixed
    {
        [$path, $method] = self::split($route);
        $class = $this->controllerClass($path);
        if ($class === null || str_starts_with($method, '__')) {
            throw new \LogicException("The console has no controller $path.");
        }

        return (new $class($this->registry))->$method(...$arguments);
    }

    public function model(string $route): void
    {
        $class = self::MODELS[$route] ?? self::className('Opencart\Admin\Model', $route);
        if (!class_exists($class)) {
            throw new \LogicException("The console has no model $route.");
        }
        $this->registry->set('model_' . str_replace('/', '_', $route), new $class($this->registry));
    }

    public function language(string $route): array
    {
        return $this->registry->get('language')->load($route);
    }

    public function view(string $route, array $data = []): string
    {
        $this->registry->get('event')?->beforeView($route, $data);

        return $this->registry->get('template')->render($route, $data + $this->registry->get('language')->all());
    }

    private function controllerClass(string $path): ?string
    {
        if (isset(self::OWN[$path])) {
            return self::OWN[$path];
        }
        $class = self::className('Opencart\Admin\Controller', $path);

        return str_starts_with($path, 'extension/meschain/') && class_exists($class) ? $class : null;
    }

    private static function className(string $namespace, string $route): string
    {
        return $namespace . '\\' . str_replace(['_', '/'], ['', '\\'], ucwords(preg_replace('~[^\w/]~', '', $route), '_/'));
    }

    /** @return array{string,string} */
    private static function split(string $route): array
    {
        $parts = explode('.', $route, 2);

        return [$parts[0], $parts[1] ?? 'index'];
    }
}

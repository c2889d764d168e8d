<?php

namespace MesChainConsole;

/** Finds the console's classes, and those of the extension by OpenCart's rule: MeschainSales is meschain_sales.php. */
final class Autoload
{
    public static function register(string $extension): void
    {
        $folders = [
            'Opencart\Admin\Controller\Extension\Meschain\\' => $extension . '/admin/controller/',
            'Opencart\Admin\Model\Extension\Meschain\\'      => $extension . '/admin/model/',
            'Opencart\System\Library\Extension\Meschain\\'   => $extension . '/system/library/',
        ];
        spl_autoload_register(static function (string $class) use ($folders): void {
            $file = null;
            if (str_starts_with($class, 'MesChainConsole\\')) {
                $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, 16)) . '.php';
            }
            foreach ($folders as $namespace => $folder) {
                if (str_starts_with($class, $namespace)) {
                    $file = $folder . self::path(substr($class, strlen($namespace))) . '.php';
                }
            }
            if ($file !== null && is_file($file)) {
                require_once $file;
            }
        });
        require_once __DIR__ . '/Engine.php';
        self::twig();
    }

    private static function path(string $name): string
    {
        return strtolower(str_replace('\\', '/', preg_replace('/([a-z])([A-Z]|[0-9])/', '$1_$2', $name)));
    }

    /** Twig comes with Composer's vendor folder or with the system (Debian: php-twig). */
    private static function twig(): void
    {
        $vendor = dirname(__DIR__, 3) . '/vendor/autoload.php';
        if (is_file($vendor)) {
            require_once $vendor;
        }
        if (!class_exists(\Twig\Environment::class)) {
            $system = stream_resolve_include_path('Twig/autoload.php');
            if ($system === false) {
                throw new \RuntimeException('Twig 3 is missing: install it with Composer (twig/twig) or from the system (php-twig).');
            }
            require_once $system;
        }
    }
}

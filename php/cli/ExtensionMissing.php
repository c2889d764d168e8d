<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** This PHP runs without meschain.so. */
final class ExtensionMissing extends \RuntimeException
{
    public static function here(): self
    {
        $built = dirname(__DIR__, 2) . '/target/release/libmeschain.so';
        $file = is_file($built) ? $built : '/path/to/meschain.so';
        $script = $_SERVER['argv'][0] ?? 'php/bin/meschain';
        return new self(
            "The meschain extension is not loaded in this PHP (" . PHP_VERSION . ").\n"
            . "Load it for this call:  php -d extension=$file $script ...\n"
            . "or for good:            echo 'extension=$file' > " . self::iniFolder() . '/meschain.ini',
        );
    }

    private static function iniFolder(): string
    {
        $folder = explode(PATH_SEPARATOR, (string) PHP_CONFIG_FILE_SCAN_DIR)[0];
        return $folder !== '' ? $folder : dirname((string) php_ini_loaded_file());
    }
}

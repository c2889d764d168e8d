<?php

namespace MesChainConsole;

/** Where the console reads what it needs: the extension's own INI entries, and a folder for what it keeps. */
final class Settings
{
    /** An entry of the extension; without the extension PHP still knows what `-d` and php.ini said. */
    public static function ini(string $name): string
    {
        $value = ini_get('meschain.' . $name);
        if ($value === false || $value === '') {
            $value = get_cfg_var('meschain.' . $name);
        }

        return is_string($value) ? $value : '';
    }

    /** The console's own folder, made on first use and readable by its owner alone. */
    public static function folder(): string
    {
        $folder = (string)getenv('MESCHAIN_CONSOLE_DIR');
        if ($folder === '') {
            $data = self::ini('data_dir');
            $folder = $data !== '' ? $data . '/console' : dirname(__DIR__, 3) . '/.run/console';
        }
        foreach ([$folder, $folder . '/sessions'] as $path) {
            if (!is_dir($path) && !mkdir($path, 0700, true) && !is_dir($path)) {
                throw new \RuntimeException('The console cannot make its folder ' . $path . '.');
            }
        }

        return $folder;
    }

    public static function prefix(): string
    {
        $prefix = self::ini('table_prefix');

        return preg_match('/^\w{0,32}$/', $prefix) && $prefix !== '' ? $prefix : 'oc_';
    }
}

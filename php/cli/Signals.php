<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** Ctrl-C and SIGTERM as a count that loops ask for. Without pcntl the process simply ends, as PHP does by itself. */
final class Signals
{
    private static int $received = 0;
    private static bool $installed = false;

    public static function install(): void
    {
        if (self::$installed || !function_exists('pcntl_signal')) {
            return;
        }
        self::$installed = true;
        foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
            pcntl_signal($signal, static fn () => self::$received++);
        }
    }

    public static function count(): int
    {
        if (self::$installed) {
            pcntl_signal_dispatch();
        }
        return self::$received;
    }
}

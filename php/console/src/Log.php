<?php

namespace MesChainConsole;

/** Messages go to PHP's error log. */
final class Log
{
    public function write(string $message): void
    {
        error_log($message);
    }
}

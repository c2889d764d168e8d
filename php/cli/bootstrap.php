<?php

declare(strict_types=1);

if (PHP_SAPI !== 'cli' && PHP_SAPI !== 'phpdbg') {
    exit('This runs on the command line only.');
}
if (PHP_VERSION_ID < 80100) {
    fwrite(STDERR, 'MesChain needs PHP 8.1 or newer; this is ' . PHP_VERSION . ".\n");
    exit(1);
}

// Warnings of a command line are for its log, not for the text that a script may parse.
ini_set('display_errors', 'stderr');

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen('MesChain\\Cli\\'))) . '.php';
    if (str_starts_with($class, 'MesChain\\Cli\\') && is_file($file)) {
        require $file;
    }
});

<?php

declare(strict_types=1);

// The servers, the settings and the trained sample shop are made once by scripts/test.sh.
if (!extension_loaded('meschain') || (string) getenv('MESCHAIN_TEST_DATABASE') === '') {
    fwrite(STDERR, "These tests run through the extension against a private database: make test-php\n");
    exit(1);
}

spl_autoload_register(static function (string $class): void {
    $prefix = 'MesChain\\Tests\\';
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    if (str_starts_with($class, $prefix) && is_file($file)) {
        require $file;
    }
});

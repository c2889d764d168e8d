<?php

/** Front controller of the console. */

require_once dirname(__DIR__) . '/src/Autoload.php';

(static function (): void {
    $root = dirname(__DIR__, 3);
    try {
        MesChainConsole\Autoload::register($root . '/opencart-extension');
        (new MesChainConsole\Kernel($root))->handle();
    } catch (Throwable $error) {
        error_log('MesChain console: ' . $error::class . ': ' . $error->getMessage() . ' in ' . basename($error->getFile()) . ':' . $error->getLine());
        http_response_code(500);
        header('Content-Type: text/plain; charset=utf-8');
        echo "The console could not answer. Its error log says why.\n";
    }
})();

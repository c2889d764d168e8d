<?php

/**
 * Passwords of the console.
 *
 *   php user.php init             makes admin's password at the first start and prints it; prints nothing afterwards
 *   php user.php set admin|viewer reads a new password from standard input
 *
 * Run it with the same meschain.data_dir (or MESCHAIN_CONSOLE_DIR) and as the same user as the console.
 */

require_once dirname(__DIR__) . '/src/Autoload.php';

MesChainConsole\Autoload::register(dirname(__DIR__, 3) . '/opencart-extension');

try {
    $users = new MesChainConsole\Users(MesChainConsole\Settings::folder());
    $command = $argv[1] ?? '';
    if ($command === 'init') {
        if (!$users->exists('admin')) {
            $password = rtrim(strtr(base64_encode(random_bytes(12)), '+/', '-_'), '=');
            $users->setPassword('admin', $password);
            echo $password, "\n";
        }
    } elseif ($command === 'set' && isset($argv[2])) {
        $users->setPassword($argv[2], rtrim((string)fgets(STDIN), "\r\n"));
    } else {
        fwrite(STDERR, "Usage: php user.php init | php user.php set admin|viewer < password\n");
        exit(2);
    }
} catch (Throwable $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}

<?php
// move.php FOLDER URL PORT PASSWORD: an installed OpenCart is from now on at URL, and its database at PORT of 127.0.0.1.

declare(strict_types=1);

[, $folder, $url, $port, $password] = $argv;
foreach (['' => $url, 'admin/' => $url . 'admin/'] as $part => $server) {
    $file = "$folder/{$part}config.php";
    $values = ['HTTP_SERVER' => $server, 'DB_PORT' => $port, 'DB_PASSWORD' => $password];
    if ($part !== '') {
        $values['HTTP_CATALOG'] = $url;
    }
    $text = (string) file_get_contents($file);
    foreach ($values as $name => $value) {
        $text = preg_replace_callback(
            "/define\\('$name',\\s*'[^']*'\\)/",
            fn () => "define('$name', '" . addcslashes($value, "'\\") . "')",
            $text,
        );
    }
    file_put_contents($file, $text);
}

<?php

/** For `php -S 127.0.0.1:8080 -t php/console/public php/console/router.php`: files as they are, the rest to index.php. */

$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
$file = __DIR__ . '/public' . $path;
if ($path !== '/' && $path !== '/index.php' && !str_contains($path, '..') && is_file($file)) {
    return false;
}
require __DIR__ . '/public/index.php';

return true;

<?php

/** The console with the double in place of the extension, where the extension is absent. */

if (!extension_loaded('meschain')) {
    require_once __DIR__ . '/meschain.php';
}

return require dirname(__DIR__, 3) . '/php/console/router.php';

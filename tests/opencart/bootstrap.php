<?php

declare(strict_types=1);

foreach (['OPENCART_URL', 'OPENCART_PASSWORD', 'OPENCART_FOLDER', 'OPENCART_DATABASE_URL', 'OPENCART_ZIP', 'OPENCART_PLAIN_URL',
    'OPENCART_UNTRAINED_URL', 'OPENCART_REFUSED_URL', 'OPENCART_SILENT_URL'] as $name) {
    if ((string) getenv($name) === '') {
        fwrite(STDERR, "These tests need a running OpenCart: make test-opencart OPENCART_DIR=<its upload folder>\n");
        exit(1);
    }
}
require __DIR__ . '/../../scripts/opencart/Admin.php';
require __DIR__ . '/OpenCartCase.php';

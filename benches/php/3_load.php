<?php
// Reading the shop: the snapshot's full rebuild, written and published, against PHP merely fetching the same rows.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

$database = Bench::database();
$shop = new MesChain\Shop();
$result = $shop->refresh(['rebuild' => true])->result();
$rows = $result['orders'] + $result['lines'];
$native = Bench::seconds(static fn () => $shop->refresh(['rebuild' => true])->result(), 1, 5);
$fetch = Bench::seconds(static function () use ($database): void {
    $queries = [
        'SELECT order_id, date_added, date_modified, order_status_id, customer_id, store_id, currency_id, total FROM oc_order',
        'SELECT order_product_id, order_id, product_id, quantity, price, total, tax FROM oc_order_product',
    ];
    foreach ($queries as $query) {
        $result = $database->query($query, MYSQLI_USE_RESULT);
        while ($result->fetch_row()) {
        }
        $result->free();
    }
}, 1, 5);
Bench::report(
    number_format($rows) . ' orders and lines loaded', 'snapshot, rebuilt and published', $rows / $native, 'mysqli, unbuffered, rows dropped', $rows / $fetch, 'rows/s',
    number_format($result['bytes'] / 1024 ** 2, 1) . ' MiB on disk', 'higher',
);
$nothing = Bench::seconds(static fn () => $shop->refresh()->result(), 1, 5);
Bench::report('refresh when nothing has changed', 'by watermark and fingerprints', $nothing * 1e3, 'full rebuild', $native * 1e3, 'ms');

<?php
// Gives the sample shop what a worker would have kept of its catalogue's prices, from the first day on: the regular prices of the truth file,
// special offers are none. MESCHAIN_DATABASE_URL names the shop, MESCHAIN_DATA_DIR its truth file. known.php then says what that is worth.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

$truth = json_decode((string) file_get_contents(getenv('MESCHAIN_DATA_DIR') . '/sample/truth.json'), true);
$database = Bench::database();
$database->query('DELETE FROM meschain_price_history');
$insert = $database->prepare('INSERT INTO meschain_price_history (product_id, since, price) VALUES (?, ?, ?)');
$database->begin_transaction();
foreach ($truth['products'] as $product) {
    $last = null;
    foreach ($product['prices'] as $period) {
        if (!$period['offer'] && $period['net'] !== $last) {
            $insert->execute([$product['product_id'], $period['from'], $period['net']]);
            $last = $period['net'];
        }
    }
}
$database->commit();

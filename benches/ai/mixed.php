<?php
// Makes the sample shop one that asks several prices at once, as many do: in half of the products a large size that costs 30 % more, a
// marketplace that asks 12 % more, and dealers, in every 29th line, who take five times as much at a fifth less. MESCHAIN_DATABASE_URL names
// the shop, whose worker kept no prices. known.php then says how near the elasticities are all the same.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

const LARGE = '(product_id % 2 = 0 AND order_product_id * 7 % 10 < 3)';
const MARKET = '(order_id % 5 = 0)';
const DEALER = '(order_product_id % 29 = 0)';

$database = Bench::database();
$database->query('DELETE FROM meschain_price_history');
$database->query("INSERT INTO oc_order_option (order_id, order_product_id, product_option_id, product_option_value_id, name, value, type)
    SELECT order_id, order_product_id, product_id, product_id * 2 + " . LARGE . ", 'Boy', IF(" . LARGE . ", 'Büyük', 'Küçük'), 'select'
    FROM oc_order_product WHERE product_id % 2 = 0");
$database->query('REPLACE INTO meschain_order_origin (order_id, marketplace_id) SELECT order_id, 2 FROM oc_order WHERE ' . MARKET);
$times = 'IF(' . LARGE . ', 1.3, 1) * IF(' . MARKET . ', 1.12, 1) * IF(' . DEALER . ', 0.8, 1)';
$database->query("UPDATE oc_order_product SET price = ROUND(price * $times, 4), tax = ROUND(tax * $times, 4), quantity = quantity * IF(" . DEALER . ', 5, 1)');
$database->query('UPDATE oc_order_product SET total = quantity * price');

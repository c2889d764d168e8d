<?php
// Makes the sample shop one in which prices were mistyped: a tenth of the products asked a thousandth of their price on one day, as who types
// "1.299" for 1299, another tenth a tenth; five times as much was sold then. MESCHAIN_DATABASE_URL names the shop, whose worker kept no prices.
// known.php then says how near the elasticities come all the same.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

$database = Bench::database();
$database->query('DELETE FROM meschain_price_history');
$database->query("UPDATE oc_order_product p JOIN oc_order o USING (order_id)
    JOIN (SELECT product_id, DATE(MIN(date_added)) AS day FROM oc_order_product JOIN oc_order USING (order_id)
        WHERE product_id % 5 = 0 AND date_added >= (SELECT MAX(date_added) FROM oc_order) - INTERVAL (150 + product_id % 200) DAY GROUP BY product_id) slip
        ON slip.product_id = p.product_id AND DATE(o.date_added) = slip.day
    SET p.price = p.price / IF(p.product_id % 10 = 0, 1000, 10), p.tax = p.tax / IF(p.product_id % 10 = 0, 1000, 10), p.quantity = p.quantity * 5");
$database->query('UPDATE oc_order_product SET total = quantity * price');

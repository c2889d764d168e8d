<?php
// uncategorised.php DATABASE_URL COUNT: takes so many of the newest products out of all categories, so that the model has categories to propose.

declare(strict_types=1);

['host' => $host, 'port' => $port, 'user' => $user, 'pass' => $password, 'path' => $path] = parse_url($argv[1]);
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$database = new mysqli($host, $user, $password, substr($path, 1), $port);
$database->execute_query('DELETE c FROM oc_product_to_category c JOIN (SELECT product_id FROM oc_product WHERE status = 1 ORDER BY product_id DESC LIMIT ' . (int) $argv[2] . ') p USING (product_id)');

<?php
// create-database.php URL NAME: creates an empty database on the server that the mysql:// URL names, unless it is there.

declare(strict_types=1);

[, $url, $name] = $argv;
$server = parse_url($url);
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$connection = new mysqli(
    $server['host'],
    rawurldecode($server['user'] ?? ''),
    rawurldecode($server['pass'] ?? ''),
    null,
    $server['port'] ?? 3306,
);
$connection->query('CREATE DATABASE IF NOT EXISTS `' . str_replace('`', '``', $name) . '` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');

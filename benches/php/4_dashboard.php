<?php
// A dashboard of 30 days: from the snapshot, and the same figures through SQL on the shop's tables (with MesChain's indexes).

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

$database = Bench::database();
$reporting = new MesChain\Reporting();

foreach (['last_30', 'last_90', 'all'] as $range) {
    $data = $reporting->dashboard(['range' => $range]);
    $native = Bench::seconds(static fn () => $reporting->dashboard(['range' => $range]), 20);
    $sql = Bench::seconds(static fn () => bySql($database, $data), 1, 5);
    Bench::report("dashboard, $range", 'snapshot', $native * 1e3, 'SQL', $sql * 1e3, 'ms', 'KPIs of three periods, series, top products, marketplaces');
}

function bySql(mysqli $database, array $data): void
{
    $zone = $data['timezone'];
    $statuses = implode(',', $data['statuses']['included']);
    $where = static function (array $range) use ($zone, $statuses): string {
        $utc = new DateTimeZone('UTC');
        $from = (new DateTimeImmutable($range['from'], new DateTimeZone($zone)))->setTimezone($utc)->format('Y-m-d H:i:s');
        $until = (new DateTimeImmutable($range['to'], new DateTimeZone($zone)))->modify('+1 day')->setTimezone($utc)->format('Y-m-d H:i:s');
        return "o.order_status_id IN ($statuses) AND o.date_added >= '$from' AND o.date_added < '$until'";
    };
    $queries = [];
    foreach ([$data['range'], $data['previous'], $data['last_year']] as $range) {
        $queries[] = "SELECT COUNT(*), SUM(o.total) FROM oc_order o WHERE {$where($range)}";
        $queries[] = "SELECT SUM(p.quantity) FROM oc_order o JOIN oc_order_product p USING (order_id) WHERE {$where($range)}";
        $queries[] = "SELECT COUNT(*) FROM oc_return r JOIN oc_order o USING (order_id) WHERE {$where($range)}";
        $queries[] = "SELECT COUNT(DISTINCT o.customer_id) FROM oc_order o WHERE {$where($range)}
            AND NOT EXISTS (SELECT 1 FROM oc_order e WHERE e.customer_id = o.customer_id AND e.date_added < o.date_added AND e.order_status_id > 0)";
    }
    $current = $where($data['range']);
    // Turkey has had one offset since 2016; a shop elsewhere would need the server's time zone tables here.
    $queries[] = "SELECT DATE(o.date_added + INTERVAL 3 HOUR) AS day, COUNT(*), SUM(o.total) FROM oc_order o WHERE $current GROUP BY day";
    $queries[] = "SELECT p.product_id, SUM(p.quantity), COUNT(DISTINCT p.order_id), SUM(p.total) AS revenue
        FROM oc_order o JOIN oc_order_product p USING (order_id) WHERE $current GROUP BY p.product_id ORDER BY revenue DESC LIMIT 10";
    $queries[] = "SELECT COALESCE(x.marketplace_id, 1) AS marketplace, COUNT(*), SUM(o.total)
        FROM oc_order o LEFT JOIN meschain_order_origin x USING (order_id) WHERE $current GROUP BY marketplace";
    foreach ($queries as $query) {
        $database->query($query)->fetch_all();
    }
}

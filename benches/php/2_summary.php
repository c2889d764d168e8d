<?php
// The lines of the whole shop summed up by product: natively from the snapshot, and by PHP from rows it has to fetch.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

$database = Bench::database();
$reporting = new MesChain\Reporting();
$lines = (int) $database->query('SELECT COUNT(*) FROM oc_order_product')->fetch_row()[0];
$data = $reporting->dashboard(['range' => 'all']);
$statuses = implode(',', $data['statuses']['included']);

$rows = $database->query('SELECT p.product_id, p.quantity, p.total, o.order_status_id FROM oc_order_product p JOIN oc_order o USING (order_id)')
    ->fetch_all(MYSQLI_ASSOC);
$included = array_fill_keys($data['statuses']['included'], true);
$sum = static function (iterable $rows) use ($included): array {
    $units = $revenue = [];
    foreach ($rows as $row) {
        if (isset($included[(int) $row['order_status_id']])) {
            $id = (int) $row['product_id'];
            $units[$id] = ($units[$id] ?? 0) + (int) $row['quantity'];
            $revenue[$id] = ($revenue[$id] ?? 0.0) + (float) $row['total'];
        }
    }
    arsort($revenue);
    return array_slice($revenue, 0, 10, true);
};

$native = Bench::seconds(static fn () => $reporting->dashboard(['range' => 'all']), 5);
$inMemory = Bench::seconds(static fn () => $sum($rows), 1, 5);
unset($rows);
$fetched = Bench::seconds(static function () use ($database, $sum): void {
    $result = $database->query(
        'SELECT p.product_id, p.quantity, p.total, o.order_status_id FROM oc_order_product p JOIN oc_order o USING (order_id)',
        MYSQLI_USE_RESULT,
    );
    $sum($result);
    $result->free();
}, 1, 3);
$what = number_format($lines) . ' lines summed up';
Bench::report($what, 'dashboard, all time', $native * 1e3, 'PHP over rows in memory', $inMemory * 1e3, 'ms', 'ours also makes the series, KPIs of three periods, marketplaces');
Bench::report($what, 'dashboard, all time', $native * 1e3, 'PHP over rows from mysqli', $fetched * 1e3, 'ms', 'the rows have to come from somewhere');

<?php
// The sample shop knows its own elasticities: how near the price model comes, through the calls a shop would make, and what following
// its suggestions would earn. Beside it what a spreadsheet gives: least squares of the log of a week's units on the log of its mean price,
// product by product. INI and MESCHAIN_DATABASE_URL name the shop, MESCHAIN_DATA_DIR its truth file; it is trained. `known.php SUFFIX` adds to
// what the rows are called.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

const LEAST_WEEKS = 26;
const LEAST_LEVELS = 3;
/** As the rules of the optimiser have it: the largest change, and the least margin over cost. */
const REACH = 0.2;
const MARGIN = 0.1;
const RESAMPLES = 1000;
/** Answers that a rule has given before any elasticity was looked at: the best under the rules is no change too. */
const BY_RULE = ['on_offer', 'recently_changed', 'no_cost', 'rules_conflict', 'too_few_sales', 'too_little_history', 'too_little_price_variation'];

define('SUFFIX', $argv[1] ?? '');
$truth = json_decode((string) file_get_contents(getenv('MESCHAIN_DATA_DIR') . '/sample/truth.json'), true);
$slopes = slopes(Bench::database());
$prices = (new MesChain\AI())->priceOptimizer();
$ours = $theirs = ['errors' => [], 'earned' => [], 'kept' => 0];
$before = [];
$best = 0.0;
$optimal = $products = $inside = 0;
foreach ($truth['products'] as $product) {
    if (!counts($product, $truth['sample']['end'])) {
        continue;
    }
    $answer = $prices->optimizePrice($product['product_id']);
    if (!$answer['available']) {
        continue;
    }
    ++$products;
    $now = $answer['current_price'];
    $free = !in_array($answer['reason'], BY_RULE, true);
    [$known, $cost] = [(float) $product['elasticity'], (float) $product['cost']];
    $inside += $answer['elasticity']['lower'] <= $known && $known <= $answer['elasticity']['upper'] ? 1 : 0;
    $units = $product['base_lines_per_day'] * $product['units_per_line'] * ($now * (1 + $product['kdv']) / $product['base_price']) ** $known;
    $profit = static fn (float $price, float $elasticity) => $units * ($price / $now) ** $elasticity * ($price - $cost);
    $slope = min(-0.1, $slopes[$product['product_id']] ?? -1.0);
    $simple = $free ? dearest($now, $cost, static fn (float $price) => $profit($price, $slope)) : $now;
    $oracle = $free ? dearest($now, $cost, static fn (float $price) => $profit($price, $known)) : $now;
    $before[] = $profit($now, $known);
    $best += max($profit($now, $known), $profit($oracle, $known));
    foreach ([[&$ours, $answer['elasticity']['value'], $answer['suggested_price']], [&$theirs, $slope, $simple]] as [&$method, $elasticity, $price]) {
        $method['errors'][] = abs($elasticity / $known - 1);
        $method['earned'][] = $profit($price, $known);
        $method['kept'] += $product['at_optimum'] && abs($price / $now - 1) < 1e-9 ? 1 : 0;
        unset($method);
    }
    $optimal += $product['at_optimum'] ? 1 : 0;
}

$note = "$products products with " . LEAST_WEEKS . ' weeks and ' . LEAST_LEVELS . ' prices';
row('elasticity of a product, median error', median($ours['errors']), median($theirs['errors']), 'lower', $note);
row('its 95 % interval holds the truth', $inside / $products, null, 'higher', '');
row('profit, of the best under the same rules', array_sum($ours['earned']) / $best, array_sum($theirs['earned']) / $best, 'higher', '');
[$lower, $upper] = interval($before, $ours['earned']);
$sum = array_sum($before);
row('profit, over no change at all', array_sum($ours['earned']) / $sum, array_sum($theirs['earned']) / $sum, 'higher', sprintf('95 %% interval over products: %.3f to %.3f', $lower, $upper));
row('no change where the price is the best already', $ours['kept'] / $optimal, $theirs['kept'] / $optimal, 'higher', "$optimal products");

function row(string $bench, float $value, ?float $rival, string $better, string $note): void
{
    $row = ['bench' => $bench . SUFFIX, 'method' => 'PriceOptimizer::optimizePrice', 'value' => $value, 'unit' => '', 'better' => $better, 'note' => $note];
    $row += $rival === null ? [] : ['rival' => 'least squares, each product', 'rival_value' => $rival];
    echo json_encode($row, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}

function counts(array $product, string $end): bool
{
    $days = (strtotime(min($product['last_day'] ?? $end, $end)) - strtotime($product['first_day'])) / 86400;
    return $days / 7 >= LEAST_WEEKS && count(array_unique(array_column($product['prices'], 'gross'))) >= LEAST_LEVELS;
}

/** The price with the most profit within the reach of one change; the one of now where none is allowed. */
function dearest(float $now, float $cost, callable $profit): float
{
    $best = $now;
    for ($step = -20; $step <= 20; ++$step) {
        $price = $now * (1 + REACH * $step / 20);
        if ($price >= $cost * (1 + MARGIN) && $profit($price) > $profit($best)) {
            $best = $price;
        }
    }
    return $best;
}

/** @return array<int, float> slope by product, of weeks with sales */
function slopes(mysqli $database): array
{
    $weeks = $database->query(
        'SELECT p.product_id, LN(SUM(p.quantity)), LN(SUM(p.total) / SUM(p.quantity)) FROM oc_order_product p JOIN oc_order o USING (order_id)
         WHERE o.order_status_id IN (2, 3, 5) AND p.total > 0 GROUP BY p.product_id, YEARWEEK(o.date_added, 3)',
        MYSQLI_USE_RESULT,
    );
    $sums = [];
    while ([$id, $y, $x] = $weeks->fetch_row()) {
        $sums[$id] ??= [0, 0.0, 0.0, 0.0, 0.0];
        foreach ([1, $x, $y, $x * $x, $x * $y] as $at => $part) {
            $sums[$id][$at] += $part;
        }
    }
    $slope = static fn (array $s) => $s[3] - $s[1] ** 2 / $s[0] > 1e-9 ? ($s[4] - $s[1] * $s[2] / $s[0]) / ($s[3] - $s[1] ** 2 / $s[0]) : -1.0;
    return array_map($slope, $sums);
}

/** @return array{float, float} bootstrap over products */
function interval(array $before, array $after): array
{
    mt_srand(11);
    $ratios = [];
    for ($draw = 0; $draw < RESAMPLES; ++$draw) {
        [$old, $new] = [0.0, 0.0];
        for ($left = count($before); $left > 0; --$left) {
            $at = mt_rand(0, count($before) - 1);
            $old += $before[$at];
            $new += $after[$at];
        }
        $ratios[] = $new / $old;
    }
    sort($ratios);
    return [$ratios[intdiv(RESAMPLES, 40)], $ratios[RESAMPLES - 1 - intdiv(RESAMPLES, 40)]];
}

function median(array $values): float
{
    sort($values);
    return $values[intdiv(count($values), 2)];
}

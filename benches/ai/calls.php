<?php
// What a page pays for an answer of the models, from PHP: time a call, and memory a php-fpm worker takes for each model
// beyond the pages that all workers share. The shop is the sample shop, trained; INI and MESCHAIN_DATABASE_URL name it.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

const ROUNDS = 15;

if (($argv[1] ?? '') === 'memory') {
    memory($argv[2]);
    exit;
}

$database = Bench::database();
$products = $database->query(
    'SELECT p.product_id, d.name, m.name brand, p.price FROM oc_product p JOIN oc_product_description d ON d.product_id = p.product_id
     AND d.language_id = (SELECT MIN(language_id) FROM oc_language) LEFT JOIN oc_manufacturer m USING (manufacturer_id)
     WHERE p.status = 1 ORDER BY p.product_id LIMIT 500',
)->fetch_all(MYSQLI_ASSOC);
$ids = array_map('intval', array_column($products, 'product_id'));
$customers = array_map('intval', array_column($database->query(
    'SELECT customer_id FROM oc_order WHERE customer_id > 0 GROUP BY customer_id ORDER BY COUNT(*) DESC, customer_id',
)->fetch_all(MYSQLI_ASSOC), 'customer_id'));

// Evenly chosen: from the busiest to those who ordered once.
$step = max(1, intdiv(count($customers), 200));
$customers = array_slice(array_values(array_filter($customers, static fn (int $at) => $at % $step === 0, ARRAY_FILTER_USE_KEY)), 0, 200);

$ai = new MesChain\AI();
[$categories, $prices, $demand, $related] = [$ai->categorizer(), $ai->priceOptimizer(), $ai->demandForecaster(), $ai->recommendationEngine()];

$category = micro($products, static fn (array $row) => $categories->predict(['name' => $row['name'], 'brand' => (string) $row['brand'], 'price' => $row['price']]));
alone('category of one product', 'ProductCategorizer::predict', $category);
$batch = Bench::seconds(static fn () => $categories->predictBatch($products), 1, ROUNDS) * 1e6 / count($products);
alone('category of one product', 'ProductCategorizer::predictBatch of 500', $batch);
alone('price of one product', 'PriceOptimizer::optimizePrice', micro($ids, static fn (int $id) => $prices->optimizePrice($id)));
alone('forecast of 4 weeks', 'DemandForecaster::forecast', micro($ids, static fn (int $id) => $demand->forecast($id, 4, 'week')));

$also = $database->prepare(
    'SELECT b.product_id, COUNT(*) n FROM oc_order_product a JOIN oc_order_product b ON b.order_id = a.order_id AND b.product_id <> a.product_id
     JOIN oc_product p ON p.product_id = b.product_id AND p.status = 1 AND p.quantity > 0 WHERE a.product_id = ? GROUP BY b.product_id ORDER BY n DESC LIMIT 10',
);
$bySql = micro(array_slice($ids, 0, 50), static function (int $id) use ($also): void {
    $also->bind_param('i', $id);
    $also->execute();
    $also->get_result()->fetch_all();
}, 3);
$rival = 'SQL: bought in the same orders';
foreach (['similar' => fn (int $id) => $related->similar($id), 'boughtTogether' => fn (int $id) => $related->boughtTogether([$id])] as $call => $ask) {
    Bench::report('10 products that go with one', "RecommendationEngine::$call", micro($ids, $ask), $rival, $bySql, 'µs');
}
Bench::report('10 products for a customer', 'RecommendationEngine::recommend', micro($customers, static fn (int $id) => $related->recommend($id)), $rival, $bySql, 'µs', '200 customers, from the busiest to those of one order; the SQL knows one product, not the customer');
Bench::report('10 products for a basket of 3', 'RecommendationEngine::forBasket', micro(array_chunk($ids, 3), static fn (array $some) => $related->forBasket($some)), $rival, $bySql, 'µs', 'the SQL knows one product, not the basket');

foreach (['categorization', 'pricing', 'forecasting', 'recommendation'] as $type) {
    echo shell_exec(implode(' ', array_map('escapeshellarg', [PHP_BINARY, __FILE__, 'memory', $type])));
}

/** Median microseconds a call over all inputs. */
function micro(array $inputs, callable $call, int $rounds = ROUNDS): float
{
    return Bench::seconds(static function () use ($inputs, $call): void {
        foreach ($inputs as $input) {
            $call($input);
        }
    }, 1, $rounds) * 1e6 / count($inputs);
}

function alone(string $bench, string $method, float $value, string $unit = 'µs', string $note = ''): void
{
    echo json_encode(['bench' => $bench, 'method' => $method, 'value' => $value, 'unit' => $unit, 'note' => $note], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}

/** A process of its own: what one more model adds to the memory that only this process holds. */
function memory(string $type): void
{
    $database = Bench::database();
    $id = (int) $database->query('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC LIMIT 1')->fetch_row()[0];
    $ai = new MesChain\AI();
    (new MesChain\Reporting())->dashboard(['range' => 'last_30']); // the snapshot and the pools are open already in any worker
    $ask = match ($type) {
        'categorization' => static fn () => $ai->categorizer()->predict(['name' => 'Zeytinyağı 1 lt']),
        'pricing' => static fn () => $ai->priceOptimizer()->simulate($id, [10.0]),
        'forecasting' => static fn () => $ai->demandForecaster()->forecast($id, 4, 'week'),
        'recommendation' => static fn () => $ai->recommendationEngine()->similar($id),
    };
    $before = own();
    for ($call = 0; $call < 20; $call++) {
        $ask();
    }
    alone("memory of a worker, $type", 'beyond what all workers share', (own() - $before) / 1024, 'MiB', 'after 20 calls');
}

/** Kilobytes that no other process shares, without file pages: those the kernel may take back at any time. */
function own(): int
{
    gc_collect_cycles();
    preg_match('/^Anonymous:\s+(\d+)/m', (string) file_get_contents('/proc/self/smaps_rollup'), $found);
    return (int) ($found[1] ?? 0);
}

<?php
// A hit on 500 rows as a template takes them: ready in the worker, from the machine's shared tier, and what others give.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

$rows = array_map(fn ($n) => ['product_id' => $n, 'name' => "Ürün $n", 'model' => "M-$n", 'price' => $n * 1.25, 'quantity' => $n % 40], range(1, 500));
$performance = new MesChain\Performance();
$what = 'cache hit, 500 rows';

$all = $performance->cache(['key_prefix' => 'bench:']);
$all->set('rows', $rows);
$hot = Bench::seconds(static fn () => $all->get('rows'), 500);
if (extension_loaded('apcu') && ini_get('apc.enable_cli')) {
    apcu_store('rows', $rows);
    $apcu = Bench::seconds(static fn () => apcu_fetch('rows'), 500);
    Bench::report($what, 'CacheManager, in the worker', $hot * 1e6, 'APCu', $apcu * 1e6, 'µs');
}
if (extension_loaded('redis')) {
    $url = parse_url((string) getenv('MESCHAIN_REDIS_URL'));
    $redis = new Redis();
    $redis->connect($url['host'], $url['port']);
    $redis->auth($url['pass']);
    $redis->setOption(Redis::OPT_SERIALIZER, Redis::SERIALIZER_PHP);
    $redis->set('bench', $rows);
    $phpredis = Bench::seconds(static fn () => $redis->get('bench'), 200);
    Bench::report($what, 'CacheManager, in the worker', $hot * 1e6, 'phpredis', $phpredis * 1e6, 'µs');
    foreach (['lmdb' => 'shared on the machine', 'redis' => 'Redis'] as $tier => $name) {
        $cache = $performance->cache(['key_prefix' => "bench-$tier:", 'tiers' => $tier]);
        $cache->set('rows', $rows);
        $time = Bench::seconds(static fn () => $cache->get('rows'), 200);
        Bench::report($what, "CacheManager, $name only", $time * 1e6, 'phpredis', $phpredis * 1e6, 'µs');
    }
}
$file = tempnam(sys_get_temp_dir(), 'meschain-bench');
file_put_contents($file, serialize($rows));
$fromFile = Bench::seconds(static fn () => unserialize(file_get_contents($file)), 200);
unlink($file);
Bench::report($what, 'CacheManager, in the worker', $hot * 1e6, 'file and unserialize', $fromFile * 1e6, 'µs', 'OpenCart\'s default cache');

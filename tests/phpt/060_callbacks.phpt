--TEST--
A callback that throws: its own exception arrives, nothing is stored, the key is free again
--EXTENSIONS--
meschain
--FILE--
<?php
class Sold extends DomainException {}
$dir = sys_get_temp_dir() . '/meschain-callback-' . getmypid();
$cache = new MesChain\Performance\Cache\CacheManager(['data_dir' => $dir]);
for ($i = 0; $i < 2; $i++) {
    try {
        $cache->remember('stock', function () {
            throw new Sold('out');
        });
    } catch (Sold $error) {
        echo get_class($error), ' ', $error->getMessage(), "\n";
    }
}
var_dump($cache->has('stock'));
echo $cache->remember('stock', fn () => 'five'), ' ', $cache->remember('stock', fn () => 'never called'), "\n";
echo $cache->remember('outer', fn () => 'o' . $cache->remember('inner', fn () => 'i')), "\n";
try {
    $cache->remember('object', fn () => new stdClass());
} catch (MesChain\Exception\ArgumentException $error) {
    echo $error->getMessage(), "\n";
}
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-callback-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECT--
Sold out
Sold out
bool(false)
five five
oi
value: expected null, bool, int, float, string or an array of those, object of stdClass given

--TEST--
Cached values come back as they went in: types, keys and their order, bytes
--EXTENSIONS--
meschain
--FILE--
<?php
$dir = sys_get_temp_dir() . '/meschain-values-' . getmypid();
$cache = new MesChain\Performance\Cache\CacheManager(['data_dir' => $dir]);
$values = [
    null, true, false, 0, -1, PHP_INT_MAX, PHP_INT_MIN, 0.1, -0.0, INF, '', 'İstanbul ₺', "\x00\xff", [],
    [1, [2, [3]]], ['b' => 1, 'a' => 2, 10 => 'x', '011' => 'y', -5 => 'z'], ['' => 'empty key'],
    array_fill(0, 1000, ['id' => 7, 'name' => 'same']),
];
foreach ($values as $i => $value) {
    $cache->set("v$i", $value);
    $back = $cache->get("v$i", 'missing');
    if (serialize($back) !== serialize($value)) {
        echo $i, ': ', var_export($value, true), ' became ', var_export($back, true), "\n";
    }
}
var_dump(is_nan($cache->remember('nan', fn () => NAN)), is_nan($cache->get('nan')));
var_dump($cache->has('v0'), $cache->get('v0', 'missing'), $cache->get('none', 'missing'));
foreach ([new stdClass(), fopen('php://memory', 'r'), fn () => 1, [[new stdClass()]]] as $refused) {
    try {
        $cache->set('x', $refused);
    } catch (MesChain\Exception\ArgumentException $error) {
        echo preg_replace('/given$/', '', strstr($error->getMessage(), 'those, ')), "\n";
    }
}
$deep = [];
for ($i = 0; $i < 5000; $i++) {
    $deep = [$deep];
}
try {
    $cache->set('deep', $deep);
} catch (MesChain\Exception\LimitException $error) {
    echo get_class($error), "\n";
}
echo json_encode($cache->getMultiple(['v3', 'none', 'v11'], 'default'), JSON_UNESCAPED_UNICODE), "\n";
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-values-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
NULL
string(7) "missing"
those, object of stdClass 
those, value of another type 
those, object of Closure 
those, object of stdClass 
MesChain\Exception\LimitException
{"v3":0,"none":"default","v11":"İstanbul ₺"}

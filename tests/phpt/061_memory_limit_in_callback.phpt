--TEST--
memory_limit hit inside a callback: PHP's own fatal error, and the library still works while the script ends
--EXTENSIONS--
meschain
--INI--
memory_limit=16M
--FILE--
<?php
$dir = sys_get_temp_dir() . '/meschain-limit-' . getmypid();
$cache = new MesChain\Performance\Cache\CacheManager(['data_dir' => $dir]);
register_shutdown_function(function () use ($dir) {
    $again = new MesChain\Performance\Cache\CacheManager(['data_dir' => $dir]);
    echo $again->remember('big', fn () => 'small after all'), "\n";
});
$cache->remember('big', fn () => str_repeat('x', 64 << 20));
echo "not reached\n";
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-limit-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECTF--
%AFatal error: Allowed memory size of %d bytes exhausted%s
small after all

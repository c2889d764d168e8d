--TEST--
exit() inside a callback ends the script cleanly
--EXTENSIONS--
meschain
--FILE--
<?php
$dir = sys_get_temp_dir() . '/meschain-exit-' . getmypid();
$cache = new MesChain\Performance\Cache\CacheManager(['data_dir' => $dir]);
$cache->remember('key', function () {
    echo "leaving\n";
    exit(0);
});
echo "not reached\n";
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-exit-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECT--
leaving

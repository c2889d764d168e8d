--TEST--
php-fpm: several workers share the cache and the request times; a killed worker costs nothing
--EXTENSIONS--
meschain
posix
--SKIPIF--
<?php
require __DIR__ . '/fastcgi.inc';
if (fpm_binary() === null) {
    die('skip php-fpm is not installed');
}
?>
--FILE--
<?php
require __DIR__ . '/fastcgi.inc';
$dir = sys_get_temp_dir() . '/meschain-fpm-' . getmypid();
mkdir($dir, 0700);
$user = posix_getpwuid(posix_geteuid())['name'];
file_put_contents("$dir/fpm.conf", "[global]\npid=$dir/fpm.pid\nerror_log=$dir/fpm.log\n[www]\nuser=$user\nlisten=$dir/fpm.sock\n"
    . "pm=static\npm.max_children=4\n");
file_put_contents("$dir/page.php", '<?php
    $performance = new MesChain\Performance(["data_dir" => $_SERVER["QUERY_STRING"]]);
    $context = $performance->monitor()->startRequest("/page");
    $seen = $performance->cache()->remember("first worker", fn () => getmypid());
    usleep(20000);
    $performance->monitor()->endRequest($context);
    echo json_encode([getmypid(), $seen, $performance->requests()["total"]["count"]]);
');
$library = null;
foreach (explode("\n", file_get_contents('/proc/self/maps')) as $line) {
    if (preg_match('~(/\S*meschain\S*\.so)~', $line, $found)) {
        $library = $found[1];
    }
}
$root = posix_geteuid() === 0 ? '--allow-to-run-as-root' : '';
$command = sprintf('exec %s -n %s -F -d extension=%s -y %s 2>%s', fpm_binary(), $root, $library, "$dir/fpm.conf", "$dir/stderr");
$fpm = proc_open($command, [], $pipes);
register_shutdown_function(static fn () => is_resource($fpm) && proc_terminate($fpm));
for ($i = 0; $i < 200 && !file_exists("$dir/fpm.sock"); $i++) {
    usleep(50000);
}

$answers = [];
for ($round = 0; $round < 10; $round++) {
    $children = [];
    for ($i = 0; $i < 4; $i++) {
        $children[] = popen(sprintf('%s -n -r %s', PHP_BINARY, escapeshellarg(
            "require '" . __DIR__ . "/fastcgi.inc'; echo fastcgi_get('$dir/fpm.sock', '$dir/page.php', '$dir/data');"
        )), 'r');
    }
    foreach ($children as $child) {
        $answers[] = json_decode(stream_get_contents($child), true);
        pclose($child);
    }
    // Never 0: that would be the whole process group, the one who runs the tests included.
    if ($round === 4 && (int) ($answers[0][0] ?? 0) > 1) {
        posix_kill($answers[0][0], SIGKILL);
    }
}
$lost = count(array_filter($answers, fn ($answer) => $answer === null));
$answers = array_values(array_filter($answers));
printf("several workers: %s\n", var_export(count(array_unique(array_column($answers, 0))) > 1, true));
printf("one value for all: %s\n", var_export(count(array_unique(array_column($answers, 1))) === 1, true));
printf("requests of all workers counted: %s\n", var_export(max(array_column($answers, 2)) >= 40 - $lost, true));
printf("lost to the killed worker: %s\n", $lost <= 1 ? 'at most one' : $lost);
proc_terminate($fpm);
proc_close($fpm);
echo preg_match_all('/signal (4|6|7|11) /', file_get_contents("$dir/fpm.log")), " crashes\n";
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-fpm-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECT--
several workers: true
one value for all: true
requests of all workers counted: true
lost to the killed worker: at most one
0 crashes

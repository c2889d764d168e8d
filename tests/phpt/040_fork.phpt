--TEST--
A forked child gets a state of its own; a task stays with the process that started it
--EXTENSIONS--
meschain
pcntl
posix
--FILE--
<?php
$dir = sys_get_temp_dir() . '/meschain-fork-' . getmypid();
$settings = ['data_dir' => $dir];
$cache = new MesChain\Performance\Cache\CacheManager($settings);
$cache->set('from parent', [1, 'iki' => 2.5]);

$task = (new MesChain\Shop($settings))->work(['once' => true]);
$children = [];
for ($i = 0; $i < 4; $i++) {
    $pid = pcntl_fork();
    if ($pid === 0) {
        $own = new MesChain\Performance\Cache\CacheManager($settings);
        $ok = $own->get('from parent') === [1, 'iki' => 2.5];
        $own->set("from child $i", getmypid());
        try {
            $task->running();
            $ok = false;
        } catch (MesChain\Exception\UnsupportedException $error) {
        }
        posix_kill(getmypid(), $ok ? SIGKILL : SIGTERM);
    }
    $children[$i] = $pid;
}
foreach ($children as $i => $pid) {
    pcntl_waitpid($pid, $status);
    echo pcntl_wtermsig($status) === SIGKILL ? 'ok' : "child $i failed", "\n";
    var_dump($cache->get("from child $i") === $pid);
}
try {
    $task->result();
} catch (MesChain\Exception\NotConfiguredException $error) {
    echo "the parent's task ended by itself\n";
}
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-fork-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECT--
ok
bool(true)
ok
bool(true)
ok
bool(true)
ok
bool(true)
the parent's task ended by itself

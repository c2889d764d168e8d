--TEST--
Forked children share what was not open yet, do without what their parent had open, and leave the parent's tasks alone
--EXTENSIONS--
meschain
pcntl
posix
--FILE--
<?php
use MesChain\Performance\Cache\CacheManager;

$dir = sys_get_temp_dir() . '/meschain-fork-' . getmypid();
$settings = ['data_dir' => $dir];
$cache = new CacheManager($settings);
$task = (new MesChain\Shop($settings))->work(['once' => true]);

/** Forks, runs $child, says how it went; the child ends by signal, so that no destructor runs twice. */
function in_child(callable $child): void
{
    $pid = pcntl_fork();
    if ($pid === 0) {
        posix_kill(getmypid(), $child() ? SIGKILL : SIGTERM);
    }
    pcntl_waitpid($pid, $status);
    echo pcntl_wtermsig($status) === SIGKILL ? 'ok' : 'failed: ' . json_encode($status), "\n";
}

for ($i = 0; $i < 3; $i++) {
    in_child(function () use ($settings, $task, $i) {
        $own = new CacheManager($settings);
        $own->set("from child $i", ['i' => $i]);
        try {
            $task->running();
            return false;
        } catch (MesChain\Exception\UnsupportedException $error) {
            return $i === 0 || $own->get('from child ' . ($i - 1)) === ['i' => $i - 1];
        }
    });
}
echo json_encode($cache->getMultiple(['from child 0', 'from child 1', 'from child 2'])), "\n";

$cache->set('from parent', 1);
in_child(function () use ($settings, $cache) {
    $own = new CacheManager($settings);
    $tiers = (new MesChain\Performance($settings))->status()['tiers'];
    return $own->set('mine', 2) && $own->get('mine') === 2 && $cache->get('mine', 'none') !== false
        && $tiers[1]['state'] === 'down' && $tiers[1]['reason'] !== '';
});
echo json_encode($cache->get('from parent')), "\n";

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
ok
ok
{"from child 0":{"i":0},"from child 1":{"i":1},"from child 2":{"i":2}}
ok
1
the parent's task ended by itself

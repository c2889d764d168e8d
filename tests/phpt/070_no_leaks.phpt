--TEST--
200,000 calls leave memory as it was
--EXTENSIONS--
meschain
--FILE--
<?php
$dir = sys_get_temp_dir() . '/meschain-leak-' . getmypid();
$reporting = new MesChain\Reporting();
$performance = new MesChain\Performance(['data_dir' => $dir]);
$cache = $performance->cache();
$monitor = $performance->monitor();
$row = ['name' => 'Çay', 'price' => '12.5000', 'tags' => [1, 2, 3]];

function round_of_calls(int $times): void
{
    global $reporting, $performance, $cache, $monitor, $row;
    for ($i = 0; $i < $times; $i++) {
        $reporting->ranges();
        $cache->set('row', $row);
        $cache->get('row');
        $cache->remember('row', fn () => 1);
        $monitor->endRequest($monitor->startRequest('/leak'));
        try {
            $performance->requests(['minutes' => 'x']);
        } catch (MesChain\Exception\ArgumentException $error) {
        }
        unset($error);
        new MesChain\Performance(['data_dir' => $GLOBALS['dir']]);
    }
}

function resident_kilobytes(): int
{
    preg_match('/^VmRSS:\s+(\d+)/m', file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

round_of_calls(5000);
[$php, $resident] = [memory_get_usage(), resident_kilobytes()];
round_of_calls(25000);
printf("PHP memory grew by less than 64 kB: %s\n", var_export(memory_get_usage() - $php < 64 << 10, true));
printf("Process grew by less than 8 MB: %s\n", var_export(resident_kilobytes() - $resident < 8 << 10, true));
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/meschain-leak-*') as $dir) {
    exec('rm -rf ' . escapeshellarg($dir));
}
?>
--EXPECT--
PHP memory grew by less than 64 kB: true
Process grew by less than 8 MB: true

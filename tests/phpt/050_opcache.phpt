--TEST--
Works under OPcache with JIT buffers, called in a hot loop
--EXTENSIONS--
meschain
opcache
--INI--
opcache.enable_cli=1
opcache.jit=tracing
opcache.jit_buffer_size=16M
--FILE--
<?php
var_dump(opcache_get_status(false)['opcache_enabled']);
function sum(MesChain\Reporting $reporting, int $times): int
{
    $sum = 0;
    for ($i = 0; $i < $times; $i++) {
        $sum += count($reporting->ranges());
    }
    return $sum;
}
$reporting = new MesChain\Reporting();
var_dump(sum($reporting, 20000) === 20000 * count($reporting->ranges()));
?>
--EXPECT--
bool(true)
bool(true)

<?php
// What it costs to call into the library at all.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';

final class Plain
{
    public function version(): string
    {
        return '0.1.0';
    }
}

$calls = 200_000;
$shop = new MesChain\Shop();
$plain = new Plain();
$loop = Bench::seconds(static function () use ($calls): void {
    for ($n = 0; $n < $calls; $n++) {
    }
}) / $calls;
$native = Bench::seconds(static function () use ($shop, $calls): void {
    for ($n = 0; $n < $calls; $n++) {
        $shop->version();
    }
}) / $calls - $loop;
$php = Bench::seconds(static function () use ($plain, $calls): void {
    for ($n = 0; $n < $calls; $n++) {
        $plain->version();
    }
}) / $calls - $loop;
Bench::report('method call, text returned', 'native method', $native * 1e9, 'PHP method', $php * 1e9, 'ns');

$make = Bench::seconds(static fn () => new MesChain\Reporting(), 2_000);
$stdClass = Bench::seconds(static fn () => new ArrayObject(), 2_000);
Bench::report('object made', 'new MesChain\Reporting()', $make * 1e6, 'new ArrayObject()', $stdClass * 1e6, 'µs', 'settings read and checked');

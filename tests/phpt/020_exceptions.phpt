--TEST--
Exceptions carry file, line, trace and previous, and form the documented tree
--EXTENSIONS--
meschain
--FILE--
<?php
use MesChain\Exception as E;

function refused(): E\MesChainException
{
    try {
        new MesChain\Shop(5);
    } catch (E\ArgumentException $error) {
        return $error;
    }
}

$error = refused();
printf("%s:%d %s\n", basename($error->getFile()), $error->getLine(), $error->getTrace()[1]['function']);

$outer = new E\TimeoutException('late', 7, $error);
printf("%s %d %s\n", $outer->getMessage(), $outer->getCode(), get_class($outer->getPrevious()));

foreach (glob(__DIR__ . '/../../stubs/Exception.php') as $stub) {
    preg_match_all('/^class (\w+) extends \\\\?(\w+)/m', file_get_contents($stub), $found, PREG_SET_ORDER);
    foreach ($found as [, $class, $parent]) {
        $full = "MesChain\\Exception\\$class";
        $expected = $parent === 'RuntimeException' ? $parent : "MesChain\\Exception\\$parent";
        if (get_parent_class($full) !== $expected) {
            echo "$full extends ", var_export(get_parent_class($full), true), "\n";
        }
    }
    echo count($found), " classes\n";
}

class ShopIsClosed extends E\BusyException {}
try {
    throw new ShopIsClosed('closed');
} catch (E\MesChainException $error) {
    echo get_class($error), ' at line ', $error->getLine(), "\n";
}
?>
--EXPECT--
020_exceptions.php:7 refused
late 7 MesChain\Exception\ArgumentException
21 classes
ShopIsClosed at line 33

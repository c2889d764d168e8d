--TEST--
Objects: subclassing works, serialize and clone are refused, a method call on a half-made object is an exception
--EXTENSIONS--
meschain
--FILE--
<?php
class OwnReporting extends MesChain\Reporting
{
    public string $note = 'mine';

    public function first(): string
    {
        return $this->ranges()[0];
    }
}
$own = new OwnReporting();
echo $own->first(), ' ', $own->note, "\n";

foreach (['Shop', 'Reporting', 'AI', 'Performance', 'Performance\\Cache\\CacheManager'] as $class) {
    $object = new ("MesChain\\$class")();
    try {
        serialize($object);
        echo "$class serialised\n";
    } catch (Exception $error) {
        echo get_class($error), ' ';
    }
    try {
        clone $object;
        echo "$class cloned\n";
    } catch (Error $error) {
        echo get_class($error), "\n";
    }
}

class Forgetful extends MesChain\Shop
{
    public function __construct() {}
}
try {
    (new Forgetful())->version();
} catch (Throwable $error) {
    echo get_class($error), "\n";
}
try {
    new MesChain\Task();
} catch (Throwable $error) {
    echo get_class($error), "\n";
}
?>
--EXPECT--
today mine
Exception Error
Exception Error
Exception Error
Exception Error
Exception Error
Exception
Exception

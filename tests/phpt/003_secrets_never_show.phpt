--TEST--
Passwords show neither in --ri nor in exceptions nor in var_dump
--EXTENSIONS--
meschain
--INI--
meschain.database_url="mysql://shop:hunter2@127.0.0.1:1/shop"
meschain.redis_url="redis://:hunter2@127.0.0.1:1"
--FILE--
<?php
ob_start();
(new ReflectionExtension('meschain'))->info();
$shown = ob_get_clean();
echo preg_match('/^meschain\.database_url => (.*)$/m', $shown, $found) ? trim($found[1]) : $shown, "\n";

ob_start();
$shop = new MesChain\Shop();
var_dump($shop, (array) $shop, json_encode($shop));
try {
    $shop->migrationStatus();
} catch (MesChain\Exception\UnreachableException $error) {
    echo $error;
}
echo json_encode($shop->doctor());
try {
    new MesChain\Shop('pgsql://shop:hunter2@db/shop');
} catch (MesChain\Exception\SettingException $error) {
    echo $error->getMessage();
}
try {
    new MesChain\Shop(['database_url' => ['hunter2']]);
} catch (MesChain\Exception\ArgumentException $error) {
    echo $error->getMessage();
}
$shown .= ob_get_clean();
var_dump(strlen($shown) > 500, str_contains($shown, 'hunter2'));
?>
--EXPECT--
mysql://***@127.0.0.1:1/shop
bool(true)
bool(false)

--TEST--
Loads, constructs and answers with no database and no data folder
--EXTENSIONS--
meschain
--FILE--
<?php
foreach (['Shop', 'Reporting', 'AI', 'Performance'] as $class) {
    $class = "MesChain\\$class";
    echo get_class(new $class()), "\n";
}
try {
    (new MesChain\Reporting())->dashboard();
} catch (MesChain\Exception\NotConfiguredException $error) {
    echo get_class($error), ': ', $error->getMessage(), "\n";
}
$doctor = (new MesChain\Shop())->doctor();
var_dump($doctor['ok']);
echo json_encode((new MesChain\Performance())->requests()['total']), "\n";
echo count((new MesChain\AI())->models()), "\n";
?>
--EXPECTF--
MesChain\Shop
MesChain\Reporting
MesChain\AI
MesChain\Performance
MesChain\Exception\NotConfiguredException: meschain.%s is not set: set it in php.ini or pass it to the constructor
bool(false)
{"count":0,"errors":0,"p50_ms":%f,"p95_ms":%f,"p99_ms":%f,"max_ms":%f}
4

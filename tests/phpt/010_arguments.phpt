--TEST--
Arguments: numeric strings are taken, everything else is refused by name, expected and given
--EXTENSIONS--
meschain
--FILE--
<?php
$performance = new MesChain\Performance(['monitor_sample' => '1']);
echo $performance->requests(['minutes' => '15'])['window_minutes'], "\n";

$attempts = [
    fn () => $performance->requests(['minutes' => 'abc']),
    fn () => $performance->requests(['minutes' => 0]),
    fn () => $performance->requests(['minutes' => 1.5]),
    fn () => $performance->requests(['minuts' => 5]),
    fn () => $performance->requests('now'),
    fn () => $performance->monitor()->endRequest([]),
    fn () => $performance->monitor()->endRequest($performance->monitor()->startRequest('/x'), 42),
    fn () => $performance->monitor()->startRequest([]),
    fn () => new MesChain\Shop(5),
    fn () => new MesChain\Shop(['table_prefix' => 'oc_; DROP']),
    fn () => new MesChain\Shop(['no_such' => '1']),
    fn () => new MesChain\Shop(['data_dir' => 'relative']),
];
foreach ($attempts as $attempt) {
    try {
        $attempt();
        echo "accepted\n";
    } catch (MesChain\Exception\MesChainException $error) {
        echo substr(strrchr(get_class($error), '\\'), 1), ': ', $error->getMessage(), "\n";
    }
}
?>
--EXPECTF--
15
ArgumentException: query["minutes"]: expected an int, string "abc" given
ArgumentException: query["minutes"]: expected an int from 1 to 1440, int 0 given
ArgumentException: query["minutes"]: expected an int, float 1.5 given
ArgumentException: query: expected one of the keys minutes, key "minuts" given
ArgumentException: query: expected an array, string "now" given
ArgumentException: context: expected what startRequest() returned, no endpoint given
ArgumentException: statusCode: expected an int from 100 to 599, int 42 given
ArgumentException: endpoint: expected a string, array given
ArgumentException: settings: expected null, a database URL, an array of settings or OpenCart's database object, int 5 given
SettingException: Setting meschain.table_prefix: expected up to 32 letters, digits or underscores, "oc_; DROP" given
SettingException: Setting meschain.no_such: expected one of %s, "no_such" given
SettingException: Setting meschain.data_dir: expected an absolute path, "relative" given

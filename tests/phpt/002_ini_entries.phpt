--TEST--
Every setting is an INI entry with its default, and a page cannot change one
--EXTENSIONS--
meschain
--FILE--
<?php
foreach (ini_get_all('meschain') as $name => $entry) {
    printf("%s=%s access=%d\n", $name, $entry['global_value'], $entry['access']);
}
var_dump(ini_set('meschain.database_url', 'mysql://elsewhere/shop'));
?>
--EXPECT--
meschain.cache_bytes=268435456 access=4
meschain.data_dir= access=4
meschain.database_pool=4 access=4
meschain.database_timeout_ms=5000 access=4
meschain.database_url= access=4
meschain.environment=production access=4
meschain.key_file= access=4
meschain.memcached= access=4
meschain.monitor_sample=1 access=4
meschain.redis_url= access=4
meschain.reporting_database_url= access=4
meschain.table_prefix=oc_ access=4
meschain.threads=0 access=4
meschain.timezone=Europe/Istanbul access=4
bool(false)

<?php

$_['heading_title'] = 'MesChain';

$_['text_edit'] = 'Settings';
$_['text_repaired'] = 'OpenCart\'s events were not as MesChain needs them (an upgrade rewrites them) and have been put right.';
$_['text_granted'] = 'Success: the user group has the permission now.';

$_['entry_status'] = 'Show in the menu';

$_['help_status'] = 'The pages stay reachable by their address for those who have permission.';

$_['entry_range'] = 'Period to start with';

$_['help_range'] = 'The sales report opens with this period.';

$_['text_doctor'] = 'State';
$_['text_migrations'] = 'Tables';
$_['text_groups'] = 'User groups';

$_['help_groups'] = 'Installing gives permission to your own group only. Other groups get it here.';

$_['text_may_see'] = 'may see';
$_['text_may_change'] = 'may see and change';

$_['button_grant'] = 'Grant';


$_['js_doctor'] = 'State';
$_['js_check_ok'] = 'Good';
$_['js_check_warning'] = 'Attention';
$_['js_check_error'] = 'Error';
$_['js_check_off'] = 'Off';
$_['js_check_name_php'] = 'PHP';
$_['js_check_name_extension'] = 'Extension';
$_['js_check_name_database'] = 'Database';
$_['js_check_name_database_grants'] = 'Database rights';
$_['js_check_name_grants'] = 'Database rights';
$_['js_check_name_migrations'] = 'Tables';
$_['js_check_name_redis'] = 'Redis';
$_['js_check_name_data_dir'] = 'Data folder';
$_['js_check_name_cron'] = 'Cron';
$_['js_check_name_opencart'] = 'OpenCart';
$_['js_check_name_snapshot'] = 'Figures';
$_['js_migrations_unknown'] = 'The state of the tables is not known without a database.';
$_['js_migrations_done'] = 'All tables of MesChain are there and as they should be.';
$_['js_migrations_pending'] = 'Tables of MesChain are missing:';
$_['js_migrations_changed'] = 'Tables of MesChain were made by a different version:';
$_['js_migrate'] = 'Create the tables';
$_['js_check_name_database_version'] = 'Database version';
$_['js_check_name_database_engine'] = 'Storage engine';
$_['js_check_name_database_encryption'] = 'Encrypted connection';
$_['js_check_name_database_clock'] = 'Database clock';
$_['js_check_name_opencart_tables'] = 'OpenCart\'s tables';
$_['js_check_name_jobs'] = 'Jobs';
$_['js_check_name_reporting_database'] = 'Reporting database';
$_['js_remedy_check_database'] = 'Look into the database\'s error log.';
$_['js_remedy_check_table_prefix'] = 'Check meschain.table_prefix: OpenCart\'s tables were not found under it.';
$_['js_remedy_check_credentials'] = 'Check user and password in meschain.database_url.';
$_['js_remedy_create_data_dir'] = 'Create the folder; MesChain makes it at the first need.';
$_['js_remedy_create_database'] = 'Create the database.';
$_['js_remedy_enable_innodb'] = 'Turn InnoDB on.';
$_['js_remedy_grant_privileges'] = 'Grant the missing rights to the database user.';
$_['js_remedy_look_at_dead_jobs'] = 'Look at the jobs that failed for good, and retry or cancel them.';
$_['js_remedy_make_data_dir_writable'] = 'Let PHP\'s user write to this folder.';
$_['js_remedy_migrate'] = 'Create the tables, below or with "meschain migrate".';
$_['js_remedy_restore_migrations'] = 'The tables were made by another version: install that version or restore its files.';
$_['js_remedy_restrict_data_dir'] = 'Close the folder to other users (mode 0700).';
$_['js_remedy_set_data_dir'] = 'Set meschain.data_dir to a folder of its own.';
$_['js_remedy_set_database_url'] = 'Set meschain.database_url.';
$_['js_remedy_start_database'] = 'Start the database, or check its address.';
$_['js_remedy_start_worker'] = 'Start "meschain worker" or set up OpenCart\'s cron.';
$_['js_remedy_sync_clock'] = 'Synchronise the clocks of both machines.';
$_['js_remedy_upgrade_database'] = 'Use MariaDB 10.6 or MySQL 8.0, or newer.';
$_['js_remedy_wait_and_retry'] = 'Wait and try again.';

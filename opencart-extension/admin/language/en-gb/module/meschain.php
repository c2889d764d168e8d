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

$_['text_range_today'] = 'Today';
$_['text_range_yesterday'] = 'Yesterday';
$_['text_range_last_7'] = 'Last 7 days';
$_['text_range_last_30'] = 'Last 30 days';
$_['text_range_last_90'] = 'Last 90 days';
$_['text_range_month'] = 'Month to date';
$_['text_range_quarter'] = 'Quarter to date';
$_['text_range_year'] = 'Year to date';
$_['text_range_last_year'] = 'Last year';
$_['text_range_all'] = 'All time';
$_['text_range_custom'] = 'Choose dates';

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

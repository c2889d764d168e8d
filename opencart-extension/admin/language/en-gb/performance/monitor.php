<?php

$_['heading_title'] = 'Performance';

$_['text_intro'] = 'Only MesChain\'s own pages are timed. Times are measured inside PHP, from the start of the page to its end.';

$_['entry_window'] = 'Period';
$_['entry_auto'] = 'Renew every 10 seconds';

$_['button_reload'] = 'Reload';

$_['text_window_15'] = 'Last 15 minutes';
$_['text_window_60'] = 'Last hour';
$_['text_window_360'] = 'Last 6 hours';
$_['text_window_1440'] = 'Last 24 hours';
$_['text_course'] = 'Over time';
$_['text_endpoints'] = 'By page';
$_['text_tiers'] = 'Cache';
$_['text_tiers_about'] = 'A value is looked for in this worker first, then on this machine, then on the network. A tier that is off or down is skipped.';

$_['column_tier'] = 'Tier';
$_['column_backend'] = 'Backend';
$_['column_state'] = 'State';
$_['column_entries'] = 'Entries';
$_['column_size'] = 'Size';
$_['column_hits'] = 'Hits';
$_['column_misses'] = 'Misses';

$_['text_tier_L0'] = 'this worker';
$_['text_tier_L1'] = 'this machine';
$_['text_tier_L2'] = 'the network';
$_['text_state_on'] = 'On';
$_['text_state_off'] = 'Off';
$_['text_state_down'] = 'Down';

$_['js_measure_count'] = 'Requests';
$_['js_measure_p50'] = 'p50';
$_['js_measure_p95'] = 'p95';
$_['js_measure_p99'] = 'p99';
$_['js_measure_max'] = 'Slowest';
$_['js_measure_errors'] = 'Errors';
$_['js_define_count'] = 'Requests to MesChain\'s pages in the period.';
$_['js_define_p50'] = 'Half of the requests were faster than this.';
$_['js_define_p95'] = '95 of 100 requests were faster than this.';
$_['js_define_p99'] = '99 of 100 requests were faster than this.';
$_['js_define_max'] = 'The slowest request in the period.';
$_['js_define_errors'] = 'Requests that ended with an error.';
$_['js_course_label'] = 'Requests and p95 by minute';
$_['js_minute'] = 'Minute';
$_['js_endpoints'] = 'By page';
$_['js_endpoint'] = 'Page';
$_['js_memory'] = 'Memory';
$_['js_no_requests'] = 'No request was measured in this period.';
$_['js_measured'] = '{count} requests measured.';
$_['js_dropped'] = '{count} samples were dropped because the buffer was full.';

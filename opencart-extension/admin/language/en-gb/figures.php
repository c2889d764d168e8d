<?php

$_['js_kpi_revenue'] = 'Revenue';
$_['js_kpi_orders'] = 'Orders';
$_['js_kpi_average_order_value'] = 'Average order value';
$_['js_kpi_units'] = 'Units sold';
$_['js_kpi_returns'] = 'Returns';
$_['js_kpi_new_customers'] = 'New customers';

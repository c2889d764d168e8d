<?php

$_['heading_title'] = 'MesChain sales';

$_['text_edit'] = 'Edit the widget';
$_['text_more'] = 'Open the report';

$_['entry_width'] = 'Width';
$_['entry_status'] = 'Status';
$_['entry_sort_order'] = 'Sort order';

$_['js_kpi_revenue'] = 'Revenue';
$_['js_kpi_orders'] = 'Orders';
$_['js_kpi_average_order_value'] = 'Average order value';
$_['js_kpi_units'] = 'Units sold';
$_['js_kpi_returns'] = 'Returns';
$_['js_kpi_new_customers'] = 'New customers';
$_['js_widget_basis'] = '{from} – {to}, as of {age}';

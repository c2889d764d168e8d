<?php

$_['js_kpi_revenue'] = 'Ciro';
$_['js_kpi_orders'] = 'Sipariş';
$_['js_kpi_average_order_value'] = 'Ortalama sepet';
$_['js_kpi_units'] = 'Satılan adet';
$_['js_kpi_returns'] = 'İade';
$_['js_kpi_new_customers'] = 'Yeni müşteri';

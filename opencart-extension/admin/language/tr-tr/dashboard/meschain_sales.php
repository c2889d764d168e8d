<?php

$_['heading_title'] = 'MesChain satışlar';

$_['text_edit'] = 'Bileşeni düzenle';
$_['text_more'] = 'Raporu aç';

$_['entry_width'] = 'Genişlik';
$_['entry_status'] = 'Durum';
$_['entry_sort_order'] = 'Sıralama';

$_['js_kpi_revenue'] = 'Ciro';
$_['js_kpi_orders'] = 'Sipariş';
$_['js_kpi_average_order_value'] = 'Ortalama sepet';
$_['js_kpi_units'] = 'Satılan adet';
$_['js_kpi_returns'] = 'İade';
$_['js_kpi_new_customers'] = 'Yeni müşteri';
$_['js_widget_basis'] = '{from} – {to}, güncellik: {age}';

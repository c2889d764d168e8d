<?php

$_['heading_title'] = 'MesChain satışları';

$_['text_edit'] = 'Bileşeni düzenle';
$_['text_more'] = 'Raporu aç';

$_['entry_width'] = 'Genişlik';
$_['entry_status'] = 'Durum';
$_['entry_sort_order'] = 'Sıralama';

$_['js_widget_basis'] = '{from} – {to}, güncellik: {age}';

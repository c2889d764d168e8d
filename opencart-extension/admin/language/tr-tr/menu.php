<?php

$_['text_menu_meschain'] = 'MesChain';
$_['text_menu_reporting'] = 'Satış raporu';
$_['text_menu_ai'] = 'Yapay zekâ modelleri';
$_['text_menu_suggestions'] = 'Öneriler';
$_['text_menu_models'] = 'Modellerin ayrıntısı';
$_['text_menu_training'] = 'Eğitim ve ayarlar';
$_['text_menu_analytics'] = 'Modeller nasıl gidiyor';
$_['text_menu_products'] = 'Ürün bazında yapay zekâ';
$_['text_menu_performance'] = 'Performans';
$_['text_menu_settings'] = 'Ayarlar ve durum';

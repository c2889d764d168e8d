<?php

$_['text_menu_meschain'] = 'MesChain';
$_['text_menu_reporting'] = 'Sales report';
$_['text_menu_ai'] = 'AI models';
$_['text_menu_suggestions'] = 'Suggestions';
$_['text_menu_products'] = 'AI by product';
$_['text_menu_performance'] = 'Performance';
$_['text_menu_settings'] = 'Settings and state';

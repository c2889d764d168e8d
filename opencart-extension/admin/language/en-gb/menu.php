<?php

$_['text_menu_meschain'] = 'MesChain';
$_['text_menu_reporting'] = 'Sales report';
$_['text_menu_ai'] = 'AI models';
$_['text_menu_suggestions'] = 'Suggestions';
$_['text_menu_models'] = 'Models in depth';
$_['text_menu_training'] = 'Training and settings';
$_['text_menu_analytics'] = 'How the models do';
$_['text_menu_products'] = 'AI by product';
$_['text_menu_performance'] = 'Performance';
$_['text_menu_settings'] = 'Settings and state';

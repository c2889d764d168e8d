<?php

$_['heading_title'] = 'MesChain sales';

$_['text_edit'] = 'Edit the widget';
$_['text_more'] = 'Open the report';

$_['entry_width'] = 'Width';
$_['entry_status'] = 'Status';
$_['entry_sort_order'] = 'Sort order';

$_['js_widget_basis'] = '{from} – {to}, as of {age}';

<?php

$_['heading_title'] = 'MesChain recommendations';

$_['text_extension'] = 'Extensions';
$_['text_home'] = 'Home';
$_['text_success'] = 'Success: the module is saved.';
$_['text_edit'] = 'Recommendations in the shop';
$_['text_intro'] = 'Assign the module to a layout under Design, Layouts. Without a trained model it shows what sells or what is new.';
$_['text_horizontal'] = 'Side by side';
$_['text_vertical'] = 'One below the other';
$_['text_kind_auto'] = 'Choose by page: similar on a product, otherwise for the customer or the basket';
$_['text_kind_related'] = 'Similar products';
$_['text_kind_together'] = 'Often bought together';
$_['text_kind_for_you'] = 'For the customer';
$_['text_kind_basket'] = 'Goes with the basket';
$_['text_kind_trending'] = 'Popular now';

$_['entry_name'] = 'Module name';
$_['entry_kind'] = 'What to show';
$_['entry_axis'] = 'Arrangement';
$_['entry_limit'] = 'Products';
$_['entry_width'] = 'Image width (pixels)';
$_['entry_height'] = 'Image height (pixels)';
$_['entry_status'] = 'Status';

$_['error_permission'] = 'You do not have permission to change this module.';
$_['error_name'] = 'The name must have 3 to 64 characters.';
$_['error_number'] = 'A whole number from 1 to {most} is expected.';

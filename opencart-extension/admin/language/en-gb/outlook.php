<?php

$_['text_outlook'] = 'Outlook';

$_['js_outlook'] = 'Outlook';
$_['js_outlook_total'] = 'The next {days} days: {revenue} without tax (most likely {lower} to {upper}), {units} pieces, {change} on the {days} days before.';
$_['js_outlook_what'] = 'What';
$_['js_outlook_product'] = 'Product';
$_['js_outlook_value'] = 'Worth';
$_['js_define_outlook_value'] = 'Without tax: sales missed, and pieces owed, until a delivery ordered today comes, the cost of stock beyond half a year, or the change of sales over the next four weeks.';
$_['js_outlook_stock_out'] = 'Runs out';
$_['js_outlook_overstock'] = 'Lies too long';
$_['js_outlook_rising'] = 'Rises';
$_['js_outlook_falling'] = 'Falls';
$_['js_outlook_stock_out_told'] = 'The stock of {quantity} ends on {date}. Missed until a delivery ordered today: about {missed}. To order: {order}.';
$_['js_outlook_sold_out_told'] = 'Out of stock. Missed until a delivery ordered today: about {missed}. To order: {order}.';
$_['js_outlook_owed_told'] = 'Owed to customers: {owed}. Expected to be asked for until a delivery ordered today: about {missed}. To order: {order}.';
$_['js_outlook_owed_only_told'] = 'Owed to customers: {owed}. To order: {order}. Too few sales yet for a forecast.';
$_['js_outlook_overstock_told'] = '{quantity} in stock, {idle} of them more than half a year\'s sales.';
$_['js_outlook_placeholders'] = 'Much of what sells has stock for more than two years. The stocks of {count} products with fifty pieces or more are therefore taken for placeholders: they are not said to lie too long, and no price is lowered to clear them.';
$_['js_outlook_rising_told'] = 'Expected in the next four weeks: {expected}; sold in the last four: {recent}.';
$_['js_outlook_falling_told'] = 'Expected in the next four weeks: {expected}; sold in the last four: {recent}.';
$_['js_outlook_none'] = 'No forecasts are made yet. The worker makes them once a day when the demand model is trained.';
$_['js_outlook_quiet'] = 'Nothing runs out, nothing lies too long, nothing turns.';
$_['js_outlook_made'] = 'From the forecasts of {date}.';

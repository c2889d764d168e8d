<?php

$_['heading_title'] = 'Training and settings';

$_['text_schedule'] = 'What comes next';
$_['text_quality'] = 'What is learnt from';
$_['text_quality_note'] = 'Rows that a model can trust. What is left out is listed with why, so that it can be mended in the shop.';
$_['text_settings'] = 'Settings of the models';
$_['text_group_schedule'] = 'Training';
$_['text_group_categories'] = 'Categories';
$_['text_group_prices'] = 'Prices';
$_['text_group_stock'] = 'Stock';
$_['text_group_log'] = 'Log of predictions';
$_['text_any_ending'] = 'any';

$_['button_train_all'] = 'Train all models';
$_['button_drift'] = 'Check for drift';

$_['entry_retrain_enabled'] = 'Train again by itself';
$_['entry_retrain_hour'] = 'Not before this hour';
$_['entry_retrain_days'] = 'Every so many days';
$_['entry_challenger_margin'] = 'Must be better by';
$_['entry_keep_versions'] = 'Versions kept';
$_['entry_drift_psi_limit'] = 'Drift of inputs';
$_['entry_drift_error_ratio'] = 'Drift of the error';
$_['entry_confidence_threshold'] = 'Sure from';
$_['entry_max_categories'] = 'Categories at most';
$_['entry_price_change_limit'] = 'Largest change';
$_['entry_profit_margin_min'] = 'Least margin';
$_['entry_price_min_gain'] = 'Least gain';
$_['entry_price_ending'] = 'Prices end with';
$_['entry_price_floor'] = 'Not below';
$_['entry_price_ceiling'] = 'Not above';
$_['entry_competitor_guard'] = 'Distance to competitors';
$_['entry_shipping_cost'] = 'Shipping of a piece';
$_['entry_price_update_seconds'] = 'A price suggestion holds';
$_['entry_lead_days'] = 'Delivery takes';
$_['entry_review_days'] = 'Stock is looked at every';
$_['entry_service_level'] = 'Not running out';
$_['entry_prediction_log_sample'] = 'Share of predictions logged';
$_['entry_prediction_log_days'] = 'Log is kept';

$_['help_retrain_enabled'] = 'On the schedule, and when the shop has drifted away from a model.';
$_['help_retrain_hour'] = 'Hour of the shop\'s day, 0 to 23.';
$_['help_retrain_days'] = 'Days between two full trainings.';
$_['help_challenger_margin'] = 'Ratio by which a new model must beat the serving one; 0: by anything.';
$_['help_keep_versions'] = 'Of each model, to go back to.';
$_['help_drift_psi_limit'] = 'Population stability index from which an input has drifted; 0.25 is usual.';
$_['help_drift_error_ratio'] = 'Error since training over error at training, from which a model is trained again.';
$_['help_confidence_threshold'] = 'Confidence from which a category is suggested, 0 to 1.';
$_['help_max_categories'] = 'Suggested for one product.';
$_['help_price_change_limit'] = 'Of a price at once; 0.2 is 20 %.';
$_['help_profit_margin_min'] = 'Over cost; 0.1 is 10 %.';
$_['help_price_min_gain'] = 'Of profit that is worth a change; 0.01 is 1 %.';
$_['help_price_ending'] = 'Of the price without tax, as the catalogue has it.';
$_['help_price_floor'] = 'Ratio of the present price; empty: no floor of its own.';
$_['help_price_ceiling'] = 'Ratio of the present price; empty: no ceiling of its own.';
$_['help_competitor_guard'] = 'Stay within this ratio of the range of their prices; empty: they are not looked at.';
$_['help_shipping_cost'] = 'What the shop pays, in the default currency, without tax.';
$_['help_price_update_seconds'] = 'Seconds.';
$_['help_lead_days'] = 'Days from order to shelf.';
$_['help_review_days'] = 'Days.';
$_['help_service_level'] = 'Wanted chance of not running out between two deliveries; 0.95 is 95 %.';
$_['help_prediction_log_sample'] = '0 to 1; nothing is written while a page is made.';
$_['help_prediction_log_days'] = 'Days.';

$_['js_schedule_off'] = 'Models are not trained by themselves: it is turned off below.';
$_['js_nothing_due'] = 'Nothing is due: no model was trained yet.';
$_['js_quality_share'] = '{share} can be trusted';
$_['js_quality_rows'] = '{used} of {rows} rows are used.';
$_['js_examples'] = 'Examples';
$_['js_settings_saved'] = 'The settings are saved. Pages follow within half a minute.';
$_['js_reason_not_in_version'] = 'This version of the library does not say.';
$_['js_stage_drift'] = 'Measuring drift';

<?php

$_['heading_title'] = 'How the models do';

$_['text_accuracy'] = 'Accuracy over time';
$_['text_calibration'] = 'Is it as sure as it says?';
$_['text_forecast'] = 'Forecast against sales';
$_['text_drift'] = 'Drift';
$_['text_acceptance'] = 'What people did with suggestions';
$_['text_predictions'] = 'How much it is asked';
$_['text_days_30'] = '30 days';
$_['text_days_90'] = '90 days';
$_['text_days_180'] = '180 days';
$_['text_days_365'] = 'A year';

$_['entry_days'] = 'Period';

$_['js_accuracy'] = 'Accuracy over time';
$_['js_at'] = 'Trained';
$_['js_baseline'] = 'Baseline';
$_['js_value'] = 'Value';
$_['js_no_accuracy'] = 'No model went live in this period.';
$_['js_calibration'] = 'Confidence against accuracy';
$_['js_calibration_note'] = 'When the model says 80 %, it should be right in 80 of 100 cases.';
$_['js_said'] = 'Said';
$_['js_was_right'] = 'Was right';
$_['js_perfect'] = 'As said';
$_['js_count'] = 'Count';
$_['js_no_calibration'] = 'Train the model once more to see this.';
$_['js_forecast'] = 'Forecast against sales';
$_['js_sold'] = 'Sold';
$_['js_expected'] = 'Forecast';
$_['js_lower'] = 'Lower';
$_['js_upper'] = 'Upper';
$_['js_no_forecast'] = 'Forecasts are held against sales from the day they are logged; there are none in this period yet.';
$_['js_drift'] = 'Drift';
$_['js_measure'] = 'Measure';
$_['js_reference'] = 'Limit';
$_['js_drift_ok'] = 'as it was';
$_['js_drift_watch'] = 'watch';
$_['js_drift_drifted'] = 'has drifted';
$_['js_no_drift'] = 'Drift was not measured yet. The worker does it once a day.';
$_['js_psi_of'] = 'Stability of {input}';
$_['js_measure_error'] = 'Error since training over error at training';
$_['js_acceptance'] = 'What people did with suggestions';
$_['js_accepted_share'] = '{share} of {count} accepted';
$_['js_week'] = 'Week of';
$_['js_accepted'] = 'Accepted';
$_['js_changed'] = 'Changed';
$_['js_refused'] = 'Refused';
$_['js_no_acceptance'] = 'Nothing was decided in this period.';
$_['js_predictions'] = 'Predictions a day';
$_['js_asked_times'] = '{count} logged answers';
$_['js_median_time'] = 'Half of them took less than {time}.';
$_['js_no_predictions'] = 'No answers were logged in this period.';

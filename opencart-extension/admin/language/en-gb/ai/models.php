<?php

$_['heading_title'] = 'Models in depth';

$_['text_how_good'] = 'How good it is';
$_['text_goes_by'] = 'What it goes by';
$_['text_versions'] = 'Versions';
$_['text_runs'] = 'Trainings';

$_['button_train'] = 'Train again';

$_['js_runs'] = 'Trainings';
$_['js_no_runs'] = 'It was not trained yet.';
$_['js_run_started'] = 'Started';
$_['js_run_why'] = 'Why';
$_['js_run_outcome'] = 'Outcome';
$_['js_run_challenger'] = 'New model';
$_['js_run_champion'] = 'Serving model';
$_['js_run_rows'] = 'Rows used of seen';
$_['js_run_model'] = 'Model';
$_['js_run_published'] = 'serves now';
$_['js_run_not_better'] = 'not better than the one that serves';
$_['js_run_not_enough_data'] = 'not enough data';
$_['js_run_failed'] = 'failed';
$_['js_run_cancelled'] = 'cancelled';
$_['js_run_running'] = 'running';
$_['js_run_reason_manual'] = 'on demand';
$_['js_run_reason_schedule'] = 'by schedule';
$_['js_run_reason_drift'] = 'the shop has drifted';
$_['js_run_reason_upgrade'] = 'new version';
$_['js_importance_note'] = 'Shares of what moves the answers, summing to one.';
$_['js_versions'] = 'Versions';
$_['js_no_versions'] = 'No version is kept yet.';
$_['js_serves'] = 'serves';
$_['js_figure'] = 'Figure';
$_['js_baseline'] = 'Baseline';
$_['js_size'] = 'Size';
$_['js_file'] = 'File';
$_['js_file_good'] = 'checked';
$_['js_file_damaged'] = 'damaged';
$_['js_roll_back'] = 'Use this one';
$_['js_roll_back_question'] = 'Let version {version} serve again? Pages use it at once; the present one stays kept.';
$_['js_rolled_back'] = 'Version {version} serves now.';
$_['js_reason_not_in_model'] = 'This version of the model does not say.';
$_['js_feature_words'] = 'Words';
$_['js_feature_word_pairs'] = 'Pairs of words';
$_['js_feature_letter_groups'] = 'Groups of letters';
$_['js_feature_brand'] = 'Brand';
$_['js_feature_price'] = 'Price';
$_['js_feature_description'] = 'Description';
$_['js_feature_attributes'] = 'Attributes';
$_['js_feature_pictures'] = 'Pictures';
$_['js_feature_category_name'] = 'Name of the category';

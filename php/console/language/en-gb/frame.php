<?php

$_['text_start'] = 'Start';
$_['text_navigation'] = 'Navigation';
$_['text_skip'] = 'Skip to the content';
$_['text_language'] = 'Language';
$_['text_logout'] = 'Sign out';
$_['text_permission'] = 'You do not have permission for this page.';
$_['text_missing_page'] = 'There is no such page.';
$_['text_unset'] = 'No password has been made yet. Make one with:';

$_['heading_login'] = 'Sign in';
$_['heading_permission'] = 'No permission';
$_['heading_missing'] = 'Not found';

$_['entry_username'] = 'User';
$_['entry_password'] = 'Password';

$_['button_login'] = 'Sign in';

$_['error_login'] = 'User and password do not match.';
$_['error_form'] = 'The form was too old. Try again.';
$_['error_attempts'] = 'Too many attempts. Wait five minutes.';

<?php

$_['text_start'] = 'Başlangıç';
$_['text_navigation'] = 'Menü';
$_['text_skip'] = 'İçeriğe geç';
$_['text_language'] = 'Dil';
$_['text_logout'] = 'Çıkış yap';
$_['text_permission'] = 'Bu sayfa için yetkiniz yok.';
$_['text_missing_page'] = 'Böyle bir sayfa yok.';
$_['text_unset'] = 'Henüz bir parola oluşturulmadı. Şununla oluşturun:';

$_['heading_login'] = 'Giriş yap';
$_['heading_permission'] = 'Yetki yok';
$_['heading_missing'] = 'Bulunamadı';

$_['entry_username'] = 'Kullanıcı';
$_['entry_password'] = 'Parola';

$_['button_login'] = 'Giriş yap';

$_['error_login'] = 'Kullanıcı ve parola uyuşmuyor.';
$_['error_form'] = 'Form çok eskiydi. Yeniden deneyin.';
$_['error_attempts'] = 'Çok fazla deneme. Beş dakika bekleyin.';

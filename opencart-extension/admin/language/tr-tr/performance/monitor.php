<?php

$_['heading_title'] = 'Performans';

$_['text_intro'] = 'Yalnızca MesChain\'in kendi sayfaları ölçülür. Süreler PHP içinde, sayfanın başından sonuna ölçülür.';

$_['entry_window'] = 'Dönem';
$_['entry_auto'] = '10 saniyede bir yenile';

$_['button_reload'] = 'Yenile';

$_['text_window_15'] = 'Son 15 dakika';
$_['text_window_60'] = 'Son bir saat';
$_['text_window_360'] = 'Son 6 saat';
$_['text_window_1440'] = 'Son 24 saat';
$_['text_course'] = 'Zaman içinde';
$_['text_endpoints'] = 'Sayfaya göre';
$_['text_tiers'] = 'Önbellek';
$_['text_tiers_about'] = 'Bir değer önce bu süreçte, sonra bu makinede, sonra ağda aranır. Kapalı ya da ulaşılamayan katman atlanır.';

$_['column_tier'] = 'Katman';
$_['column_backend'] = 'Motor';
$_['column_state'] = 'Durum';
$_['column_entries'] = 'Kayıt';
$_['column_size'] = 'Boyut';
$_['column_hits'] = 'İsabet';
$_['column_misses'] = 'Iska';

$_['text_tier_L0'] = 'bu süreç';
$_['text_tier_L1'] = 'bu makine';
$_['text_tier_L2'] = 'ağ';
$_['text_state_on'] = 'Açık';
$_['text_state_off'] = 'Kapalı';
$_['text_state_down'] = 'Ulaşılamıyor';

$_['js_measure_count'] = 'İstek';
$_['js_measure_p50'] = 'p50';
$_['js_measure_p95'] = 'p95';
$_['js_measure_p99'] = 'p99';
$_['js_measure_max'] = 'En yavaş';
$_['js_measure_errors'] = 'Hata';
$_['js_define_count'] = 'Dönem içinde MesChain sayfalarına gelen istekler.';
$_['js_define_p50'] = 'İsteklerin yarısı bundan hızlıydı.';
$_['js_define_p95'] = '100 istekten 95\'i bundan hızlıydı.';
$_['js_define_p99'] = '100 istekten 99\'u bundan hızlıydı.';
$_['js_define_max'] = 'Dönemin en yavaş isteği.';
$_['js_define_errors'] = 'Hatayla biten istekler.';
$_['js_course_label'] = 'Dakikaya göre istek ve p95';
$_['js_minute'] = 'Dakika';
$_['js_endpoints'] = 'Sayfaya göre';
$_['js_endpoint'] = 'Sayfa';
$_['js_memory'] = 'Bellek';
$_['js_no_requests'] = 'Bu dönemde ölçülen istek yok.';
$_['js_measured'] = '{count} istek ölçüldü.';
$_['js_dropped'] = 'Arabellek dolu olduğu için {count} ölçüm atıldı.';

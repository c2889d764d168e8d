<?php

$_['heading_title'] = 'MesChain';

$_['text_edit'] = 'Ayarlar';
$_['text_repaired'] = 'OpenCart olayları MesChain\'in ihtiyaç duyduğu gibi değildi (yükseltme onları değiştirir) ve düzeltildi.';
$_['text_granted'] = 'Başarılı: kullanıcı grubunun artık yetkisi var.';

$_['entry_status'] = 'Menüde göster';

$_['help_status'] = 'Yetkisi olanlar sayfalara adresleriyle ulaşmaya devam eder.';

$_['entry_range'] = 'Başlangıç dönemi';

$_['help_range'] = 'Satış raporu bu dönemle açılır.';

$_['text_doctor'] = 'Durum';
$_['text_migrations'] = 'Tablolar';
$_['text_groups'] = 'Kullanıcı grupları';

$_['help_groups'] = 'Kurulum yalnızca sizin grubunuza yetki verir. Diğer gruplar buradan yetki alır.';

$_['text_may_see'] = 'görebilir';
$_['text_may_change'] = 'görebilir ve değiştirebilir';

$_['button_grant'] = 'Yetki ver';

$_['text_range_today'] = 'Bugün';
$_['text_range_yesterday'] = 'Dün';
$_['text_range_last_7'] = 'Son 7 gün';
$_['text_range_last_30'] = 'Son 30 gün';
$_['text_range_last_90'] = 'Son 90 gün';
$_['text_range_month'] = 'Bu ay';
$_['text_range_quarter'] = 'Bu çeyrek';
$_['text_range_year'] = 'Bu yıl';
$_['text_range_last_year'] = 'Geçen yıl';
$_['text_range_all'] = 'Tüm zamanlar';
$_['text_range_custom'] = 'Tarih seç';

$_['js_doctor'] = 'Durum';
$_['js_check_ok'] = 'İyi';
$_['js_check_warning'] = 'Dikkat';
$_['js_check_error'] = 'Hata';
$_['js_check_off'] = 'Kapalı';
$_['js_check_name_php'] = 'PHP';
$_['js_check_name_extension'] = 'Eklenti';
$_['js_check_name_database'] = 'Veritabanı';
$_['js_check_name_database_grants'] = 'Veritabanı yetkileri';
$_['js_check_name_grants'] = 'Veritabanı yetkileri';
$_['js_check_name_migrations'] = 'Tablolar';
$_['js_check_name_redis'] = 'Redis';
$_['js_check_name_data_dir'] = 'Veri klasörü';
$_['js_check_name_cron'] = 'Cron';
$_['js_check_name_opencart'] = 'OpenCart';
$_['js_check_name_snapshot'] = 'Sayılar';
$_['js_migrations_unknown'] = 'Veritabanı olmadan tabloların durumu bilinmiyor.';
$_['js_migrations_done'] = 'MesChain\'in tüm tabloları yerinde ve olması gerektiği gibi.';
$_['js_migrations_pending'] = 'MesChain tabloları eksik:';
$_['js_migrations_changed'] = 'MesChain tabloları başka bir sürümle oluşturulmuş:';
$_['js_migrate'] = 'Tabloları oluştur';

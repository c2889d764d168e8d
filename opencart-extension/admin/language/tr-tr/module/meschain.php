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
$_['js_check_name_database_version'] = 'Veritabanı sürümü';
$_['js_check_name_database_engine'] = 'Depolama motoru';
$_['js_check_name_database_encryption'] = 'Şifreli bağlantı';
$_['js_check_name_database_clock'] = 'Veritabanı saati';
$_['js_check_name_opencart_tables'] = 'OpenCart tabloları';
$_['js_check_name_jobs'] = 'İşler';
$_['js_check_name_reporting_database'] = 'Raporlama veritabanı';
$_['js_remedy_check_database'] = 'Veritabanının hata günlüğüne bakın.';
$_['js_remedy_check_table_prefix'] = 'meschain.table_prefix ayarını denetleyin: OpenCart tabloları bu ön ekle bulunamadı.';
$_['js_remedy_check_credentials'] = 'meschain.database_url içindeki kullanıcıyı ve parolayı denetleyin.';
$_['js_remedy_create_data_dir'] = 'Klasörü oluşturun; MesChain ilk gereksinimde kendisi de oluşturur.';
$_['js_remedy_create_database'] = 'Veritabanını oluşturun.';
$_['js_remedy_enable_innodb'] = 'InnoDB\'yi etkinleştirin.';
$_['js_remedy_grant_privileges'] = 'Eksik yetkileri veritabanı kullanıcısına verin.';
$_['js_remedy_look_at_dead_jobs'] = 'Kalıcı olarak başarısız olan işlere bakın; yeniden deneyin ya da iptal edin.';
$_['js_remedy_make_data_dir_writable'] = 'PHP kullanıcısının bu klasöre yazmasına izin verin.';
$_['js_remedy_migrate'] = 'Tabloları aşağıdan ya da "meschain migrate" ile oluşturun.';
$_['js_remedy_restore_migrations'] = 'Tablolar başka bir sürümle oluşturulmuş: o sürümü kurun ya da dosyalarını geri getirin.';
$_['js_remedy_restrict_data_dir'] = 'Klasörü diğer kullanıcılara kapatın (0700).';
$_['js_remedy_set_data_dir'] = 'meschain.data_dir ayarına ayrı bir klasör verin.';
$_['js_remedy_set_database_url'] = 'meschain.database_url ayarını yapın.';
$_['js_remedy_start_database'] = 'Veritabanını başlatın ya da adresini denetleyin.';
$_['js_remedy_start_worker'] = '"meschain worker" komutunu başlatın ya da OpenCart cron\'unu kurun.';
$_['js_remedy_sync_clock'] = 'İki makinenin saatini eşitleyin.';
$_['js_remedy_upgrade_database'] = 'MariaDB 10.6, MySQL 8.0 ya da daha yenisini kullanın.';
$_['js_remedy_wait_and_retry'] = 'Bekleyip yeniden deneyin.';

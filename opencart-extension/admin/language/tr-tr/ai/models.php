<?php

$_['heading_title'] = 'Modeller ayrıntılı';

$_['text_how_good'] = 'Ne kadar iyi';
$_['text_goes_by'] = 'Neye bakıyor';
$_['text_versions'] = 'Sürümler';
$_['text_runs'] = 'Eğitimler';

$_['button_train'] = 'Yeniden eğit';

$_['js_runs'] = 'Eğitimler';
$_['js_no_runs'] = 'Henüz eğitilmedi.';
$_['js_run_started'] = 'Başladı';
$_['js_run_why'] = 'Neden';
$_['js_run_outcome'] = 'Sonuç';
$_['js_run_challenger'] = 'Yeni model';
$_['js_run_champion'] = 'Kullanılan model';
$_['js_run_rows'] = 'Kullanılan / görülen satır';
$_['js_run_model'] = 'Model';
$_['js_run_published'] = 'kullanıma alındı';
$_['js_run_not_better'] = 'kullanılandan iyi değil';
$_['js_run_not_enough_data'] = 'yeterli veri yok';
$_['js_run_failed'] = 'başarısız';
$_['js_run_cancelled'] = 'iptal edildi';
$_['js_run_running'] = 'sürüyor';
$_['js_run_reason_manual'] = 'istek üzerine';
$_['js_run_reason_schedule'] = 'takvime göre';
$_['js_run_reason_drift'] = 'mağaza değişti';
$_['js_run_reason_upgrade'] = 'yeni sürüm';
$_['js_importance_note'] = 'Yanıtları belirleyen paylar; toplamı birdir.';
$_['js_versions'] = 'Sürümler';
$_['js_no_versions'] = 'Henüz saklanan sürüm yok.';
$_['js_serves'] = 'kullanılıyor';
$_['js_figure'] = 'Değer';
$_['js_baseline'] = 'Basit yöntem';
$_['js_size'] = 'Boyut';
$_['js_file'] = 'Dosya';
$_['js_file_good'] = 'denetlendi';
$_['js_file_damaged'] = 'hasarlı';
$_['js_roll_back'] = 'Bunu kullan';
$_['js_roll_back_question'] = '{version} sürümü yeniden kullanılsın mı? Sayfalar hemen onu kullanır; şimdiki saklanır.';
$_['js_rolled_back'] = 'Artık {version} sürümü kullanılıyor.';
$_['js_reason_not_in_model'] = 'Modelin bu sürümü bunu söylemiyor.';
$_['js_feature_words'] = 'Sözcükler';
$_['js_feature_word_pairs'] = 'Sözcük çiftleri';
$_['js_feature_letter_groups'] = 'Harf grupları';
$_['js_feature_brand'] = 'Marka';
$_['js_feature_price'] = 'Fiyat';
$_['js_feature_description'] = 'Açıklama';
$_['js_feature_attributes'] = 'Özellikler';
$_['js_feature_pictures'] = 'Görseller';
$_['js_feature_category_name'] = 'Kategori adı';

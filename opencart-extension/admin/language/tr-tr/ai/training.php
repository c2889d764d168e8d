<?php

$_['heading_title'] = 'Eğitim ve ayarlar';

$_['text_schedule'] = 'Sırada ne var';
$_['text_quality'] = 'Neden öğreniliyor';
$_['text_quality_note'] = 'Modelin güvenebileceği satırlar. Dışarıda kalanlar nedenleriyle listelenir; mağazada düzeltilebilir.';
$_['text_settings'] = 'Modellerin ayarları';
$_['text_group_schedule'] = 'Eğitim';
$_['text_group_categories'] = 'Kategoriler';
$_['text_group_prices'] = 'Fiyatlar';
$_['text_group_stock'] = 'Stok';
$_['text_group_log'] = 'Tahmin günlüğü';
$_['text_any_ending'] = 'serbest';

$_['button_train_all'] = 'Tüm modelleri eğit';
$_['button_drift'] = 'Kaymayı denetle';

$_['entry_retrain_enabled'] = 'Kendiliğinden yeniden eğit';
$_['entry_retrain_hour'] = 'Bu saatten önce değil';
$_['entry_retrain_days'] = 'Kaç günde bir';
$_['entry_challenger_margin'] = 'En az bu kadar iyi';
$_['entry_keep_versions'] = 'Saklanan sürüm';
$_['entry_drift_psi_limit'] = 'Girdilerin kayması';
$_['entry_drift_error_ratio'] = 'Hatanın kayması';
$_['entry_confidence_threshold'] = 'Emin sayılır';
$_['entry_max_categories'] = 'En çok kategori';
$_['entry_price_change_limit'] = 'En büyük değişiklik';
$_['entry_profit_margin_min'] = 'En az marj';
$_['entry_price_min_gain'] = 'En az kazanç';
$_['entry_price_ending'] = 'Fiyat sonu';
$_['entry_price_floor'] = 'Şunun altına inme';
$_['entry_price_ceiling'] = 'Şunun üstüne çıkma';
$_['entry_competitor_guard'] = 'Rakiplere uzaklık';
$_['entry_shipping_cost'] = 'Adet kargo gideri';
$_['entry_price_update_seconds'] = 'Fiyat önerisi geçerliliği';
$_['entry_lead_days'] = 'Teslim süresi';
$_['entry_review_days'] = 'Stok kaç günde bir bakılır';
$_['entry_service_level'] = 'Tükenmeme olasılığı';
$_['entry_prediction_log_sample'] = 'Günlüğe yazılan tahmin payı';
$_['entry_prediction_log_days'] = 'Günlük saklama';

$_['help_retrain_enabled'] = 'Takvime göre ve mağaza modelden uzaklaştığında.';
$_['help_retrain_hour'] = 'Mağazanın saatiyle, 0 ile 23 arası.';
$_['help_retrain_days'] = 'İki tam eğitim arasındaki gün.';
$_['help_challenger_margin'] = 'Yeni modelin kullanılanı geçmesi gereken oran; 0: herhangi bir fark.';
$_['help_keep_versions'] = 'Her model için, geri dönülebilir.';
$_['help_drift_psi_limit'] = 'Bir girdinin kaydığı kabul edilen kararlılık endeksi; genelde 0,25.';
$_['help_drift_error_ratio'] = 'Eğitimden sonraki hatanın eğitimdekine oranı.';
$_['help_confidence_threshold'] = 'Bir kategorinin önerildiği güven, 0 ile 1 arası.';
$_['help_max_categories'] = 'Bir ürün için önerilen.';
$_['help_price_change_limit'] = 'Fiyatın bir kerede; 0,2 %20 demektir.';
$_['help_profit_margin_min'] = 'Maliyet üzerine; 0,1 %10 demektir.';
$_['help_price_min_gain'] = 'Değişikliğe değecek kâr artışı; 0,01 %1 demektir.';
$_['help_price_ending'] = 'Katalogdaki vergisiz fiyatın sonu.';
$_['help_price_floor'] = 'Şimdiki fiyata oranı; boş: ayrı alt sınır yok.';
$_['help_price_ceiling'] = 'Şimdiki fiyata oranı; boş: ayrı üst sınır yok.';
$_['help_competitor_guard'] = 'Rakip fiyat aralığının bu oranı içinde kal; boş: bakılmaz.';
$_['help_shipping_cost'] = 'Mağazanın ödediği, varsayılan para biriminde, vergisiz.';
$_['help_price_update_seconds'] = 'Saniye.';
$_['help_lead_days'] = 'Siparişten rafa gün.';
$_['help_review_days'] = 'Gün.';
$_['help_service_level'] = 'İki teslimat arasında tükenmeme olasılığı; 0,95 %95 demektir.';
$_['help_prediction_log_sample'] = '0 ile 1 arası; sayfa hazırlanırken yazılmaz.';
$_['help_prediction_log_days'] = 'Gün.';

$_['js_schedule_off'] = 'Modeller kendiliğinden eğitilmiyor: aşağıda kapalı.';
$_['js_nothing_due'] = 'Sırada bir şey yok: henüz model eğitilmedi.';
$_['js_quality_share'] = '{share} güvenilir';
$_['js_quality_rows'] = '{rows} satırın {used} adedi kullanılıyor.';
$_['js_examples'] = 'Örnekler';
$_['js_settings_saved'] = 'Ayarlar kaydedildi. Sayfalar yarım dakika içinde uyar.';
$_['js_reason_not_in_version'] = 'Kütüphanenin bu sürümü bunu söylemiyor.';
$_['js_stage_drift'] = 'Kayma ölçülüyor';

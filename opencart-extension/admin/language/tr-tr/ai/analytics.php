<?php

$_['heading_title'] = 'Modeller nasıl gidiyor';

$_['text_accuracy'] = 'Zaman içinde doğruluk';
$_['text_calibration'] = 'Dediği kadar emin mi?';
$_['text_forecast'] = 'Tahmin ve satış';
$_['text_drift'] = 'Kayma';
$_['text_acceptance'] = 'Öneriler ne oldu';
$_['text_predictions'] = 'Ne kadar soruluyor';
$_['text_days_30'] = '30 gün';
$_['text_days_90'] = '90 gün';
$_['text_days_180'] = '180 gün';
$_['text_days_365'] = 'Bir yıl';

$_['entry_days'] = 'Dönem';

$_['js_accuracy'] = 'Zaman içinde doğruluk';
$_['js_at'] = 'Eğitildi';
$_['js_baseline'] = 'Basit yöntem';
$_['js_value'] = 'Değer';
$_['js_no_accuracy'] = 'Bu dönemde kullanıma giren model yok.';
$_['js_calibration'] = 'Güven ve doğruluk';
$_['js_calibration_note'] = 'Model %80 dediğinde 100 durumdan 80\'inde haklı olmalı.';
$_['js_said'] = 'Dediği';
$_['js_was_right'] = 'Haklı çıktı';
$_['js_perfect'] = 'Dediği gibi';
$_['js_count'] = 'Sayı';
$_['js_no_calibration'] = 'Bunu görmek için modeli bir kez daha eğitin.';
$_['js_forecast'] = 'Tahmin ve satış';
$_['js_sold'] = 'Satılan';
$_['js_expected'] = 'Tahmin';
$_['js_lower'] = 'Alt';
$_['js_upper'] = 'Üst';
$_['js_no_forecast'] = 'Tahminler günlüğe yazıldıktan sonra satışla karşılaştırılır; bu dönemde henüz yok.';
$_['js_drift'] = 'Kayma';
$_['js_measure'] = 'Ölçü';
$_['js_reference'] = 'Sınır';
$_['js_drift_ok'] = 'olduğu gibi';
$_['js_drift_watch'] = 'izleyin';
$_['js_drift_drifted'] = 'kaydı';
$_['js_no_drift'] = 'Kayma henüz ölçülmedi. Çalışan bunu günde bir yapar.';
$_['js_psi_of'] = '{input} kararlılığı';
$_['js_measure_error'] = 'Eğitimden sonraki hatanın eğitimdekine oranı';
$_['js_acceptance'] = 'Öneriler ne oldu';
$_['js_accepted_share'] = '{count} önerinin {share} kadarı kabul edildi';
$_['js_week'] = 'Hafta';
$_['js_accepted'] = 'Kabul';
$_['js_changed'] = 'Değiştirildi';
$_['js_refused'] = 'Reddedildi';
$_['js_no_acceptance'] = 'Bu dönemde karar verilmedi.';
$_['js_predictions'] = 'Günlük tahmin';
$_['js_asked_times'] = 'günlükte {count} yanıt';
$_['js_median_time'] = 'Yarısı {time} altında sürdü.';
$_['js_no_predictions'] = 'Bu dönemde günlüğe yazılan yanıt yok.';

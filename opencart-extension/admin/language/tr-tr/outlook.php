<?php

$_['text_outlook'] = 'Görünüm';

$_['js_outlook'] = 'Görünüm';
$_['js_outlook_total'] = 'Önümüzdeki {days} gün: vergisiz {revenue} (büyük olasılıkla {lower} ile {upper} arası), {units} adet; önceki {days} güne göre {change}.';
$_['js_outlook_what'] = 'Ne';
$_['js_outlook_product'] = 'Ürün';
$_['js_outlook_value'] = 'Değeri';
$_['js_define_outlook_value'] = 'Vergisiz: bugün verilecek sipariş gelene kadar kaçan satış ve müşterilere borçlu olunan adetler, yarım yılı aşan stoğun maliyeti ya da önümüzdeki dört haftada satışın değişimi.';
$_['js_outlook_stock_out'] = 'Tükeniyor';
$_['js_outlook_overstock'] = 'Fazla bekliyor';
$_['js_outlook_rising'] = 'Yükseliyor';
$_['js_outlook_falling'] = 'Düşüyor';
$_['js_outlook_stock_out_told'] = '{quantity} adetlik stok {date} tarihinde bitiyor; yaklaşık {missed} adet satış kaçar. Sipariş: {order} adet.';
$_['js_outlook_sold_out_told'] = 'Stokta yok. Bugün verilecek sipariş gelene kadar yaklaşık {missed} adet satış kaçar. Sipariş: {order} adet.';
$_['js_outlook_owed_told'] = 'Müşterilere borçlu olunan: {owed} adet. Bugün verilecek sipariş gelene kadar yaklaşık {missed} adet daha istenir. Sipariş: {order} adet.';
$_['js_outlook_owed_only_told'] = 'Müşterilere borçlu olunan: {owed} adet. Sipariş: {order} adet. Tahmin için henüz çok az satış var.';
$_['js_outlook_overstock_told'] = 'Stokta {quantity} adet var, {idle} adedi yarım yıllık satıştan fazla.';
$_['js_outlook_placeholders'] = 'Satılan ürünlerin önemli bir bölümünde iki yıldan uzun süre yetecek stok görünüyor. Bu yüzden stoğu elli ve üzeri olan {count} ürünün stoğu gerçek sayılmadı: bu ürünler için “fazla bekliyor” denmez, stok eritmek için fiyat indirimi önerilmez.';
$_['js_outlook_rising_told'] = 'Önümüzdeki dört haftada beklenen: {expected}; son dört haftada satılan: {recent}.';
$_['js_outlook_falling_told'] = 'Önümüzdeki dört haftada beklenen: {expected}; son dört haftada satılan: {recent}.';
$_['js_outlook_none'] = 'Henüz tahmin yapılmadı. Talep modeli eğitildiğinde arka plan süreci günde bir kez tahmin yapar.';
$_['js_outlook_quiet'] = 'Tükenen, fazla bekleyen ya da yönü değişen ürün yok.';
$_['js_outlook_made'] = '{date} tarihli tahminlerden.';

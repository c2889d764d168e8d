<?php

$_['heading_title'] = 'MesChain ürün tavsiyeleri';

$_['text_extension'] = 'Eklentiler';
$_['text_home'] = 'Anasayfa';
$_['text_success'] = 'Başarılı: modül kaydedildi.';
$_['text_edit'] = 'Mağazada ürün tavsiyeleri';
$_['text_intro'] = 'Modülü Tasarım, Düzenler altında bir düzene ekleyin. Eğitilmiş model yoksa çok satanları ya da yenileri gösterir.';
$_['text_horizontal'] = 'Yan yana';
$_['text_vertical'] = 'Alt alta';
$_['text_kind_auto'] = 'Sayfaya göre seç: üründe benzerler, diğerlerinde müşteriye ya da sepete göre';
$_['text_kind_related'] = 'Benzer ürünler';
$_['text_kind_together'] = 'Birlikte sıkça alınanlar';
$_['text_kind_for_you'] = 'Müşteri için';
$_['text_kind_basket'] = 'Sepete yakışanlar';
$_['text_kind_trending'] = 'Şu an popüler';

$_['entry_name'] = 'Modül adı';
$_['entry_kind'] = 'Gösterilecek';
$_['entry_axis'] = 'Yerleşim';
$_['entry_limit'] = 'Ürün sayısı';
$_['entry_width'] = 'Görsel genişliği (piksel)';
$_['entry_height'] = 'Görsel yüksekliği (piksel)';
$_['entry_status'] = 'Durum';

$_['error_permission'] = 'Bu modülü değiştirme yetkiniz yok.';
$_['error_name'] = 'Ad 3 ile 64 karakter arasında olmalı.';
$_['error_number'] = '1 ile {most} arasında bir tam sayı beklenir.';

<?php

$_['heading_related'] = 'Benzer ürünler';
$_['heading_together'] = 'Birlikte sıkça alınanlar';
$_['heading_for_you'] = 'Sizin için';
$_['heading_basket'] = 'Sepetinize yakışanlar';
$_['heading_trending'] = 'Şu an popüler';
$_['heading_newest'] = 'Mağazada yeni';

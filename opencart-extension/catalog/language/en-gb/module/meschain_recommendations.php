<?php

$_['heading_related'] = 'Similar products';
$_['heading_together'] = 'Often bought together';
$_['heading_for_you'] = 'For you';
$_['heading_basket'] = 'Goes with your basket';
$_['heading_trending'] = 'Popular now';
$_['heading_newest'] = 'New in the shop';

<?php
// extension.php URL PASSWORD ZIP: installs the package in the OpenCart at URL through its real installer and turns its parts on.

declare(strict_types=1);

require __DIR__ . '/Admin.php';

[, $url, $password, $zip] = $argv;
$admin = new MesChain\OpenCart\Admin($url);
$admin->login('admin', $password);
$admin->install($zip);
$admin->enable('module', 'meschain');
$admin->enable('dashboard', 'meschain_sales');

CREATE TABLE oc_order (order_id int(11) NOT NULL AUTO_INCREMENT, store_id int(11) NOT NULL DEFAULT 0,
  customer_id int(11) NOT NULL DEFAULT 0, firstname varchar(32) NOT NULL DEFAULT '', lastname varchar(32) NOT NULL DEFAULT '',
  email varchar(96) NOT NULL DEFAULT '', total decimal(15,4) NOT NULL DEFAULT 0.0000,
  order_status_id int(11) NOT NULL DEFAULT 0, currency_id int(11) NOT NULL, date_added datetime NOT NULL,
  date_modified datetime NOT NULL, PRIMARY KEY (order_id));
CREATE TABLE oc_order_product (order_product_id int(11) NOT NULL AUTO_INCREMENT, order_id int(11) NOT NULL,
  product_id int(11) NOT NULL, name varchar(255) NOT NULL, model varchar(64) NOT NULL, quantity int(4) NOT NULL,
  price decimal(15,4) NOT NULL, total decimal(15,4) NOT NULL, tax decimal(15,4) NOT NULL, reward int(8) NOT NULL,
  PRIMARY KEY (order_product_id), KEY order_id (order_id));
CREATE TABLE oc_order_option (order_option_id int(11) NOT NULL AUTO_INCREMENT, order_id int(11) NOT NULL,
  order_product_id int(11) NOT NULL, product_option_value_id int(11) NOT NULL DEFAULT 0, value text NOT NULL, PRIMARY KEY (order_option_id));
CREATE TABLE oc_return (return_id int(11) NOT NULL AUTO_INCREMENT, order_id int(11) NOT NULL, product_id int(11) NOT NULL,
  customer_id int(11) NOT NULL, quantity int(4) NOT NULL, return_status_id int(11) NOT NULL, date_added datetime NOT NULL,
  PRIMARY KEY (return_id));
CREATE TABLE oc_product (product_id int(11) NOT NULL AUTO_INCREMENT, master_id int(11) NOT NULL DEFAULT 0,
  model varchar(64) NOT NULL, quantity int(4) NOT NULL DEFAULT 0, subtract tinyint(1) NOT NULL DEFAULT 1, manufacturer_id int(11) NOT NULL,
  price decimal(15,4) NOT NULL DEFAULT 0.0000, date_available date NOT NULL DEFAULT '0000-00-00',
  status tinyint(1) NOT NULL DEFAULT 0, date_added datetime NOT NULL, PRIMARY KEY (product_id));
CREATE TABLE oc_product_description (product_id int(11) NOT NULL, language_id int(11) NOT NULL,
  name varchar(255) NOT NULL, description text NOT NULL, PRIMARY KEY (product_id, language_id));
CREATE TABLE oc_manufacturer (manufacturer_id int(11) NOT NULL AUTO_INCREMENT, name varchar(64) NOT NULL,
  PRIMARY KEY (manufacturer_id));
CREATE TABLE oc_customer (customer_id int(11) NOT NULL AUTO_INCREMENT, customer_group_id int(11) NOT NULL,
  store_id int(11) NOT NULL DEFAULT 0, status tinyint(1) NOT NULL, date_added datetime NOT NULL, PRIMARY KEY (customer_id));
CREATE TABLE oc_order_status (order_status_id int(11) NOT NULL, language_id int(11) NOT NULL, name varchar(32) NOT NULL,
  PRIMARY KEY (order_status_id, language_id));
CREATE TABLE oc_currency (currency_id int(11) NOT NULL, code varchar(3) NOT NULL, symbol_left varchar(12) NOT NULL,
  symbol_right varchar(12) NOT NULL, decimal_place int(1) NOT NULL, value double(15,8) NOT NULL, PRIMARY KEY (currency_id));
CREATE TABLE oc_language (language_id int(11) NOT NULL, code varchar(5) NOT NULL, PRIMARY KEY (language_id));
CREATE TABLE oc_store (store_id int(11) NOT NULL, name varchar(64) NOT NULL, PRIMARY KEY (store_id));
CREATE TABLE oc_setting (setting_id int(11) NOT NULL AUTO_INCREMENT, store_id int(11) NOT NULL DEFAULT 0,
  code varchar(128) NOT NULL, `key` varchar(128) NOT NULL, value text NOT NULL, serialized tinyint(1) NOT NULL,
  PRIMARY KEY (setting_id));
INSERT INTO oc_order_status VALUES (1, 1, 'Pending'), (2, 1, 'Processing'), (3, 1, 'Shipped'), (5, 1, 'Complete'),
  (7, 1, 'Canceled'), (11, 1, 'Refunded'), (1, 2, 'Beklemede'), (2, 2, 'İşleniyor'), (3, 2, 'Kargoya Verildi'),
  (5, 2, 'Tamamlandı'), (7, 2, 'İptal Edildi'), (11, 2, 'İade Edildi');
INSERT INTO oc_currency VALUES (1, 'TRY', '', '₺', 2, 1), (2, 'EUR', '€', '', 2, 0.025);
INSERT INTO oc_language VALUES (1, 'en-gb'), (2, 'tr-tr');
INSERT INTO oc_store VALUES (1, 'Toptan');
INSERT INTO oc_manufacturer VALUES (1, 'Öz Demir'), (2, 'Ata &amp; Oğlu');
INSERT INTO oc_setting (store_id, code, `key`, value, serialized) VALUES (0, 'config', 'config_name', 'Deneme', 0),
  (0, 'config', 'config_currency', 'TRY', 0), (0, 'config', 'config_language', 'tr-tr', 0),
  (0, 'config', 'config_complete_status', '["5","3"]', 1), (0, 'config', 'config_processing_status', '["2","1"]', 1);
CREATE TABLE meschain_marketplaces (marketplace_id int(11) NOT NULL, code varchar(32) NOT NULL,
  marketplace_name varchar(64) NOT NULL, PRIMARY KEY (marketplace_id));
INSERT INTO meschain_marketplaces VALUES (1, 'own', 'Own shop'), (2, 'trendyol', 'Trendyol'), (3, 'n11', 'N11');
CREATE TABLE meschain_order_origin (order_id int(11) NOT NULL, marketplace_id int(11) NOT NULL, PRIMARY KEY (order_id));
CREATE TABLE meschain_product_costs (product_id int(11) NOT NULL, valid_from date NOT NULL, cost decimal(15,4) NOT NULL,
  currency_code char(3) NOT NULL, PRIMARY KEY (product_id, valid_from));

-- What the newest forecasts say that a shopkeeper should know; each run of the job replaces the rows. value is money, without
-- tax, in the default currency. Product 0 is the whole shop.
-- @table meschain_ai_insights
CREATE TABLE `meschain_ai_insights` (
  `kind` enum('stock_out','overstock','rising','falling','total') NOT NULL,
  `product_id` int(11) NOT NULL,
  `made_on` date NOT NULL,
  `event_on` date DEFAULT NULL,
  `value` double NOT NULL,
  `detail` text CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (`kind`, `product_id`),
  KEY `idx_value` (`value`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What a product's catalogue price was from a day on, until the next row of the product, as far as it was seen: OpenCart keeps no history of
-- prices. The first row of a product is the day it was first looked at; of several prices on one day the last one stays. Days are the shop's.
-- @table meschain_price_history
CREATE TABLE `meschain_price_history` (
  `product_id` int(11) NOT NULL,
  `since` date NOT NULL,
  `price` decimal(15,4) NOT NULL,
  PRIMARY KEY (`product_id`, `since`),
  KEY `idx_since` (`since`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

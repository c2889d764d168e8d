-- What OpenCart does not know: marketplaces, listings there, where an order came from, what a product costs, and jobs.

-- commission_rate and fixed_fee are what the marketplace keeps of a sale, where no order says otherwise.
-- @table meschain_marketplaces
CREATE TABLE `meschain_marketplaces` (
  `marketplace_id` int(11) NOT NULL AUTO_INCREMENT,
  `code` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `marketplace_name` varchar(64) NOT NULL,
  `status` enum('active','inactive','closed') NOT NULL DEFAULT 'inactive',
  `country_code` char(2) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `currency_code` char(3) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `commission_rate` decimal(5,4) NOT NULL DEFAULT 0,
  `fixed_fee` decimal(15,4) NOT NULL DEFAULT 0,
  `closed_on` date DEFAULT NULL,
  `sort_order` int(11) NOT NULL DEFAULT 0,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`marketplace_id`),
  UNIQUE KEY `unique_code` (`code`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Marketplace 1 is the shop itself. Commissions differ by category and contract and are left at 0 until the shop sets them.
-- @data meschain_marketplaces
INSERT INTO `meschain_marketplaces`
  (`marketplace_id`, `code`, `marketplace_name`, `status`, `country_code`, `currency_code`, `closed_on`, `sort_order`)
VALUES
  (1, 'own', 'Own shop', 'active', NULL, NULL, NULL, 1),
  (2, 'trendyol', 'Trendyol', 'inactive', 'TR', 'TRY', NULL, 2),
  (3, 'hepsiburada', 'Hepsiburada', 'inactive', 'TR', 'TRY', NULL, 3),
  (4, 'n11', 'N11', 'inactive', 'TR', 'TRY', NULL, 4),
  (5, 'pazarama', 'Pazarama', 'inactive', 'TR', 'TRY', NULL, 5),
  (6, 'amazon', 'Amazon', 'inactive', NULL, NULL, NULL, 6),
  (7, 'ebay', 'eBay', 'inactive', NULL, NULL, NULL, 7),
  (8, 'gittigidiyor', 'GittiGidiyor', 'closed', 'TR', 'TRY', '2022-09-05', 8);

-- One row for each product on each marketplace. price is in the marketplace's currency, quantity what is offered there.
-- @table meschain_products
CREATE TABLE `meschain_products` (
  `listing_id` int(11) NOT NULL AUTO_INCREMENT,
  `marketplace_id` int(11) NOT NULL,
  `product_id` int(11) NOT NULL,
  `marketplace_product_code` varchar(128) DEFAULT NULL,
  `marketplace_sku` varchar(128) DEFAULT NULL,
  `barcode` varchar(64) DEFAULT NULL,
  `title` varchar(255) DEFAULT NULL,
  `price` decimal(15,4) NOT NULL DEFAULT 0,
  `quantity` int(11) NOT NULL DEFAULT 0,
  `status` enum('active','inactive','pending','rejected','closed') NOT NULL DEFAULT 'pending',
  `synced_at` datetime DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`listing_id`),
  UNIQUE KEY `unique_listing` (`marketplace_id`, `product_id`),
  KEY `idx_product_id` (`product_id`),
  KEY `idx_marketplace_sku` (`marketplace_id`, `marketplace_sku`),
  KEY `idx_barcode` (`barcode`),
  KEY `idx_status_updated` (`status`, `updated_at`),
  CONSTRAINT `fk_products_marketplace` FOREIGN KEY (`marketplace_id`) REFERENCES `meschain_marketplaces` (`marketplace_id`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- An order without a row here came from the own shop. commission is what was kept of this order, in the shop's currency.
-- marketplace_order_number is NULL for orders that carry none, and those may repeat.
-- @table meschain_order_origin
CREATE TABLE `meschain_order_origin` (
  `order_id` int(11) NOT NULL,
  `marketplace_id` int(11) NOT NULL,
  `marketplace_order_number` varchar(64) DEFAULT NULL,
  `commission` decimal(15,4) NOT NULL DEFAULT 0,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`order_id`),
  UNIQUE KEY `unique_marketplace_order` (`marketplace_id`, `marketplace_order_number`),
  CONSTRAINT `fk_order_origin_marketplace` FOREIGN KEY (`marketplace_id`) REFERENCES `meschain_marketplaces` (`marketplace_id`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The cost of one unit from a day on, until the next row of the product. OpenCart has no cost column.
-- @table meschain_product_costs
CREATE TABLE `meschain_product_costs` (
  `product_id` int(11) NOT NULL,
  `valid_from` date NOT NULL,
  `cost` decimal(15,4) NOT NULL,
  `currency_code` char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`product_id`, `valid_from`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- due_at says when a worker may take the job: for a running one it is the end of the lease, so a job whose worker died becomes
-- due by itself; NULL once the job has ended. live_key keeps two unfinished jobs from sharing a unique_key.
-- @table meschain_jobs
CREATE TABLE `meschain_jobs` (
  `job_id` bigint(20) NOT NULL AUTO_INCREMENT,
  `kind` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `unique_key` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `status` enum('queued','running','done','failed','cancelled','dead') NOT NULL DEFAULT 'queued',
  `payload` mediumtext NOT NULL,
  `result` mediumtext,
  `error` text,
  `stage` varchar(64) NOT NULL DEFAULT '',
  `done` bigint(20) NOT NULL DEFAULT 0,
  `total` bigint(20) NOT NULL DEFAULT 0,
  `attempts` int(11) NOT NULL DEFAULT 0,
  `max_attempts` int(11) NOT NULL DEFAULT 5,
  `cancel_requested` tinyint(1) NOT NULL DEFAULT 0,
  `worker` varchar(128) DEFAULT NULL,
  `due_at` datetime(6) DEFAULT NULL,
  `heartbeat_at` datetime(6) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  `started_at` datetime(6) DEFAULT NULL,
  `finished_at` datetime(6) DEFAULT NULL,
  `live_key` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    GENERATED ALWAYS AS (CASE WHEN `status` IN ('queued','running','failed') THEN `unique_key` END) STORED,
  PRIMARY KEY (`job_id`),
  UNIQUE KEY `unique_live_key` (`kind`, `live_key`),
  KEY `idx_due_at` (`due_at`, `job_id`),
  KEY `idx_status` (`status`, `job_id`),
  KEY `idx_finished_at` (`finished_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

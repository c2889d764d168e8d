-- How the models are run: what waits for a decision, who decided, what was trained and why, how the shop drifts away from its models, how
-- models reach other nodes, and what forecasts and prices need to know that OpenCart does not keep.

-- One row for each change that the models propose. pending_key keeps two open proposals for the same thing from standing side by side.
-- expected_gain is profit a week in the shop's currency; before_value is what the catalogue held, after_value what was written.
-- applying and undoing are held by one administrator at a time, who says how it ended; changed: not as it was suggested.
-- @table meschain_ai_suggestions
CREATE TABLE `meschain_ai_suggestions` (
  `suggestion_id` bigint(20) NOT NULL AUTO_INCREMENT,
  `kind` enum('category','price','reorder') NOT NULL,
  `product_id` int(11) NOT NULL,
  `marketplace_id` int(11) NOT NULL DEFAULT 1,
  `status` enum('pending','applying','applied','undoing','undone','rejected','expired','failed') NOT NULL DEFAULT 'pending',
  `before_value` JSON NOT NULL,
  `suggested_value` JSON NOT NULL,
  `after_value` JSON DEFAULT NULL,
  `reason` JSON NOT NULL,
  `confidence` decimal(5,4) DEFAULT NULL,
  `expected_gain` decimal(15,4) DEFAULT NULL,
  `model_version` varchar(50) DEFAULT NULL,
  `is_changed` tinyint(1) NOT NULL DEFAULT 0,
  `valid_until` datetime DEFAULT NULL,
  `decided_by` int(11) DEFAULT NULL,
  `decided_at` datetime DEFAULT NULL,
  `error` varchar(500) DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `pending_key` varchar(64) CHARACTER SET ascii COLLATE ascii_bin
    GENERATED ALWAYS AS (CASE WHEN `status` IN ('pending','applying') THEN CONCAT(`kind`, ':', `product_id`, ':', `marketplace_id`) END) STORED,
  PRIMARY KEY (`suggestion_id`),
  UNIQUE KEY `unique_pending` (`pending_key`),
  KEY `idx_status_kind` (`status`, `kind`, `expected_gain`),
  KEY `idx_product_id` (`product_id`),
  KEY `idx_decided_at` (`decided_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who did what, when, with what before and after. Rows are only added.
-- @table meschain_ai_audit
CREATE TABLE `meschain_ai_audit` (
  `audit_id` bigint(20) NOT NULL AUTO_INCREMENT,
  `action` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `suggestion_id` bigint(20) DEFAULT NULL,
  `model_type` enum('categorization','pricing','forecasting','recommendation') DEFAULT NULL,
  `product_id` int(11) DEFAULT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(64) NOT NULL DEFAULT '',
  `detail` JSON DEFAULT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (`audit_id`),
  KEY `idx_suggestion_id` (`suggestion_id`),
  KEY `idx_created_at` (`created_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One row for each training: champion against challenger on the newest slice, and what became of it. detail: data quality, figures.
-- @table meschain_ai_training_runs
CREATE TABLE `meschain_ai_training_runs` (
  `run_id` bigint(20) NOT NULL AUTO_INCREMENT,
  `model_type` enum('categorization','pricing','forecasting','recommendation') NOT NULL,
  `reason` enum('manual','schedule','drift','upgrade') NOT NULL DEFAULT 'manual',
  `status` enum('running','published','not_better','not_enough_data','failed','cancelled') NOT NULL DEFAULT 'running',
  `model_version` varchar(50) DEFAULT NULL,
  `champion_version` varchar(50) DEFAULT NULL,
  `metric` varchar(32) DEFAULT NULL,
  `challenger_value` double DEFAULT NULL,
  `champion_value` double DEFAULT NULL,
  `baseline_value` double DEFAULT NULL,
  `rows_seen` bigint(20) NOT NULL DEFAULT 0,
  `rows_used` bigint(20) NOT NULL DEFAULT 0,
  `seconds` decimal(12,3) DEFAULT NULL,
  `error` varchar(500) DEFAULT NULL,
  `detail` JSON DEFAULT NULL,
  `started_at` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  `finished_at` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`run_id`),
  KEY `idx_model_type` (`model_type`, `run_id`),
  KEY `idx_started_at` (`started_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One row a day, model and measure: `psi:FEATURE` (population stability of an input), `error` (against what happened), `acceptance`,
-- `calibration`. status follows the limits that were in force that day.
-- @table meschain_ai_drift
CREATE TABLE `meschain_ai_drift` (
  `day` date NOT NULL,
  `model_type` enum('categorization','pricing','forecasting','recommendation') NOT NULL,
  `measure` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `value` double NOT NULL,
  `reference` double DEFAULT NULL,
  `status` enum('ok','watch','drifted') NOT NULL DEFAULT 'ok',
  `detail` JSON DEFAULT NULL,
  PRIMARY KEY (`day`, `model_type`, `measure`),
  KEY `idx_model_type` (`model_type`, `measure`, `day`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Forecasts as they were made, to be held against what happened. period_start is the first day of the day, week or month.
-- @table meschain_ai_forecasts
CREATE TABLE `meschain_ai_forecasts` (
  `product_id` int(11) NOT NULL,
  `made_on` date NOT NULL,
  `granularity` enum('day','week','month') NOT NULL,
  `period_start` date NOT NULL,
  `units` double NOT NULL,
  `lower` double NOT NULL,
  `upper` double NOT NULL,
  `actual` double DEFAULT NULL,
  `model_version` varchar(50) DEFAULT NULL,
  PRIMARY KEY (`product_id`, `made_on`, `granularity`, `period_start`),
  KEY `idx_period_start` (`granularity`, `period_start`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Model files by content, for nodes that share no folder. A file is there when its row says complete; chunks are at most 1 MiB.
-- @table meschain_ai_model_files
CREATE TABLE `meschain_ai_model_files` (
  `checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `bytes` bigint(20) NOT NULL,
  `chunks` int(11) NOT NULL,
  `is_complete` tinyint(1) NOT NULL DEFAULT 0,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`checksum`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- @table meschain_ai_model_chunks
CREATE TABLE `meschain_ai_model_chunks` (
  `checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `chunk` int(11) NOT NULL,
  `content` mediumblob NOT NULL,
  PRIMARY KEY (`checksum`, `chunk`),
  CONSTRAINT `fk_ai_model_chunks_file` FOREIGN KEY (`checksum`) REFERENCES `meschain_ai_model_files` (`checksum`) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What serves in the whole fleet, one row a kind: the card as the shelf keeps it.
-- @table meschain_ai_serving
CREATE TABLE `meschain_ai_serving` (
  `model_type` enum('categorization','pricing','forecasting','recommendation') NOT NULL,
  `model_version` varchar(50) NOT NULL,
  `card` JSON NOT NULL,
  `files` JSON NOT NULL,
  `published_at` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (`model_type`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Settings of the models that workers and pages share: schedule, thresholds, rules, service level. Names are whitelisted by the library.
-- @table meschain_ai_settings
CREATE TABLE `meschain_ai_settings` (
  `name` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `value` JSON NOT NULL,
  `updated_by` int(11) DEFAULT NULL,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- When a product had no stock, as far as it was seen: OpenCart keeps no history of stock. ended_on is NULL while it lasts; both days belong
-- to the stock-out.
-- @table meschain_stock_outs
CREATE TABLE `meschain_stock_outs` (
  `product_id` int(11) NOT NULL,
  `started_on` date NOT NULL,
  `ended_on` date DEFAULT NULL,
  PRIMARY KEY (`product_id`, `started_on`),
  KEY `idx_ended_on` (`ended_on`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What others ask for the same product, as fed by the shop (a feed, a marketplace, by hand). The newest row of each competitor counts.
-- Prices are with KDV, in the shop's currency.
-- @table meschain_competitor_prices
CREATE TABLE `meschain_competitor_prices` (
  `product_id` int(11) NOT NULL,
  `marketplace_id` int(11) NOT NULL DEFAULT 1,
  `competitor` varchar(64) NOT NULL,
  `price` decimal(15,4) NOT NULL,
  `seen_at` datetime NOT NULL,
  PRIMARY KEY (`product_id`, `marketplace_id`, `competitor`),
  KEY `idx_seen_at` (`seen_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

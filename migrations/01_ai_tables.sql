-- Models, their training data and what they predicted.
--
-- Directives: each statement says what it makes, so that the runner can check first and undo:
--   `@table NAME`              the statement creates this table; it must not exist; undone by DROP TABLE
--   `@index TABLE NAME COLS`   the statement adds this index to OpenCart's table {prefix}TABLE; left out where the table or a
--                            column is missing or an index begins with COLS already; undone by DROP INDEX
--   `@data TABLE`              the statement fills a table that this file creates; undone with the table
--   `@repeat`                  (whole file) looked at again by every run: OpenCart's own upgrades may drop what it adds

-- @table meschain_ai_models
CREATE TABLE `meschain_ai_models` (
  `model_id` int(11) NOT NULL AUTO_INCREMENT,
  `model_name` varchar(255) NOT NULL,
  `model_type` enum('categorization','pricing','forecasting','recommendation') NOT NULL,
  `model_version` varchar(50) NOT NULL,
  `model_path` varchar(500) NOT NULL,
  `accuracy_score` decimal(5,4) DEFAULT NULL,
  `training_data_size` int(11) DEFAULT NULL,
  `last_trained` datetime DEFAULT NULL,
  `status` enum('active','inactive','training') DEFAULT 'inactive',
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`model_id`),
  UNIQUE KEY `unique_model_version` (`model_name`, `model_version`),
  KEY `idx_model_type` (`model_type`),
  KEY `idx_status` (`status`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- @table meschain_ai_training_data
CREATE TABLE `meschain_ai_training_data` (
  `data_id` int(11) NOT NULL AUTO_INCREMENT,
  `model_type` enum('categorization','pricing','forecasting','recommendation') NOT NULL,
  `input_features` JSON NOT NULL,
  `expected_output` JSON NOT NULL,
  `data_source` varchar(255) DEFAULT NULL,
  `quality_score` decimal(3,2) DEFAULT NULL,
  `is_validated` tinyint(1) DEFAULT 0,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`data_id`),
  KEY `idx_model_type` (`model_type`),
  KEY `idx_quality_score` (`quality_score`),
  KEY `idx_created_at` (`created_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- execution_time_ms: one prediction takes microseconds; an int would store 0 for all of them.
-- @table meschain_ai_predictions
CREATE TABLE `meschain_ai_predictions` (
  `prediction_id` int(11) NOT NULL AUTO_INCREMENT,
  `model_id` int(11) NOT NULL,
  `input_data` JSON NOT NULL,
  `prediction_result` JSON NOT NULL,
  `confidence_score` decimal(5,4) DEFAULT NULL,
  `execution_time_ms` decimal(12,3) DEFAULT NULL,
  `marketplace_id` int(11) DEFAULT NULL,
  `product_id` int(11) DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`prediction_id`),
  KEY `idx_model_id` (`model_id`),
  KEY `idx_marketplace_product` (`marketplace_id`, `product_id`),
  KEY `idx_created_at` (`created_at`),
  CONSTRAINT `fk_ai_predictions_model` FOREIGN KEY (`model_id`) REFERENCES `meschain_ai_models` (`model_id`) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

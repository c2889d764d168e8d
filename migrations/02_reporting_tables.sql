-- Report definitions, measured key figures and dashboard widgets.

-- @table meschain_reports
CREATE TABLE `meschain_reports` (
  `report_id` int(11) NOT NULL AUTO_INCREMENT,
  `report_name` varchar(255) NOT NULL,
  `report_type` enum('sales','inventory','performance','ai_insights','custom') NOT NULL,
  `description` text,
  `report_config` JSON NOT NULL,
  `filters` JSON DEFAULT NULL,
  `schedule_config` JSON DEFAULT NULL,
  `is_scheduled` tinyint(1) DEFAULT 0,
  `created_by` int(11) NOT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`report_id`),
  KEY `idx_report_type` (`report_type`),
  KEY `idx_created_by` (`created_by`),
  KEY `idx_is_scheduled` (`is_scheduled`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- NULLs never equal one another, so a unique key over marketplace_id and measurement_hour lets the same figure in again and
-- again. The two generated columns stand in for them: 0 = all marketplaces, -1 = the whole day.
-- @table meschain_kpi_metrics
CREATE TABLE `meschain_kpi_metrics` (
  `metric_id` int(11) NOT NULL AUTO_INCREMENT,
  `metric_name` varchar(255) NOT NULL,
  `metric_category` enum('sales','performance','inventory','ai','system') NOT NULL,
  `metric_value` decimal(15,4) NOT NULL,
  `target_value` decimal(15,4) DEFAULT NULL,
  `unit` varchar(50) DEFAULT NULL,
  `marketplace_id` int(11) DEFAULT NULL,
  `measurement_date` date NOT NULL,
  `measurement_hour` tinyint(2) DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `marketplace_key` int(11) GENERATED ALWAYS AS (COALESCE(`marketplace_id`, 0)) STORED,
  `hour_key` int(11) GENERATED ALWAYS AS (COALESCE(`measurement_hour`, -1)) STORED,
  PRIMARY KEY (`metric_id`),
  UNIQUE KEY `unique_metric_measurement` (`metric_name`, `marketplace_key`, `measurement_date`, `hour_key`),
  KEY `idx_metric_category` (`metric_category`),
  KEY `idx_measurement_date` (`measurement_date`),
  KEY `idx_marketplace_id` (`marketplace_id`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- @table meschain_dashboard_widgets
CREATE TABLE `meschain_dashboard_widgets` (
  `widget_id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `widget_type` enum('chart','table','kpi','ai_insight','custom') NOT NULL,
  `widget_config` JSON NOT NULL,
  `position_x` int(3) DEFAULT 0,
  `position_y` int(3) DEFAULT 0,
  `width` int(2) DEFAULT 1,
  `height` int(2) DEFAULT 1,
  `is_active` tinyint(1) DEFAULT 1,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`widget_id`),
  KEY `idx_user_id` (`user_id`),
  KEY `idx_widget_type` (`widget_type`),
  KEY `idx_is_active` (`is_active`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

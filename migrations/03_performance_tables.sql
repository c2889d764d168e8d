-- Request timings, cache figures and alerts.

-- response_time_ms: native answers take less than a millisecond; an int would store 0 for all of them.
-- @table meschain_performance_metrics
CREATE TABLE `meschain_performance_metrics` (
  `metric_id` int(11) NOT NULL AUTO_INCREMENT,
  `endpoint` varchar(255) NOT NULL,
  `method` enum('GET','POST','PUT','DELETE','PATCH') NOT NULL,
  `response_time_ms` decimal(12,3) NOT NULL,
  `memory_usage_mb` decimal(8,2) DEFAULT NULL,
  `cpu_usage_percent` decimal(5,2) DEFAULT NULL,
  `status_code` int(3) NOT NULL,
  `error_message` text,
  `user_id` int(11) DEFAULT NULL,
  `marketplace_id` int(11) DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`metric_id`),
  KEY `idx_endpoint` (`endpoint`),
  KEY `idx_created_at` (`created_at`),
  KEY `idx_status_code` (`status_code`),
  KEY `idx_response_time` (`response_time_ms`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- cache_key: 500 characters of utf8mb4 are 2000 bytes, more than older row formats index, and a case-blind collation makes one key
-- of `a` and `A`. The key is compared byte by byte and the unique key lies over its SHA-256.
-- @table meschain_cache_stats
CREATE TABLE `meschain_cache_stats` (
  `stat_id` int(11) NOT NULL AUTO_INCREMENT,
  `cache_key` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `hit_count` int(11) DEFAULT 0,
  `miss_count` int(11) DEFAULT 0,
  `size_bytes` int(11) DEFAULT NULL,
  `ttl_seconds` int(11) DEFAULT NULL,
  `last_accessed` datetime DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  `updated_at` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `cache_key_hash` binary(32) GENERATED ALWAYS AS (UNHEX(SHA2(`cache_key`, 256))) STORED,
  PRIMARY KEY (`stat_id`),
  UNIQUE KEY `unique_cache_key` (`cache_key_hash`),
  KEY `idx_hit_count` (`hit_count`),
  KEY `idx_last_accessed` (`last_accessed`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- @table meschain_system_alerts
CREATE TABLE `meschain_system_alerts` (
  `alert_id` int(11) NOT NULL AUTO_INCREMENT,
  `alert_type` enum('performance','security','error','warning','info') NOT NULL,
  `severity` enum('low','medium','high','critical') NOT NULL,
  `title` varchar(255) NOT NULL,
  `message` text NOT NULL,
  `alert_data` JSON DEFAULT NULL,
  `is_resolved` tinyint(1) DEFAULT 0,
  `resolved_at` datetime DEFAULT NULL,
  `resolved_by` int(11) DEFAULT NULL,
  `created_at` datetime DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`alert_id`),
  KEY `idx_alert_type` (`alert_type`),
  KEY `idx_severity` (`severity`),
  KEY `idx_is_resolved` (`is_resolved`),
  KEY `idx_created_at` (`created_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

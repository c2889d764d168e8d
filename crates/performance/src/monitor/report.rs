//! Requests by endpoint over a longer range, with the source plan's keys.

use super::cells::Sum;
use super::names::ENDPOINTS;
use super::requests::{LONGEST_WINDOW, Window, round};
use super::store::Store;
use jiff::Timestamp;
use meschain_base::{Error, Result};
use meschain_shop::{Database, rows};
use serde::Serialize;
use std::collections::BTreeMap;

/// One endpoint. Times in milliseconds, memory in MiB, CPU in percent of one core.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportRow {
    /// Route.
    pub endpoint: String,
    /// Requests.
    pub request_count: u64,
    /// Mean duration.
    pub avg_response_time: f64,
    /// Longest.
    pub max_response_time: f64,
    /// Shortest.
    pub min_response_time: f64,
    /// Mean memory.
    pub avg_memory_usage: f64,
    /// Mean CPU; null when none was read.
    pub avg_cpu_usage: Option<f64>,
    /// Requests with a status of 400 or more.
    pub error_count: u64,
}

/// Minutes of a range such as `15m`, `24h` or `7d`; at most a year.
pub fn parse_range(range: &str) -> Result<u32> {
    let wrong =
        || Error::argument("timeRange", "a number and m, h or d, such as 15m, 24h or 7d, up to 366d", range);
    let unit = range.chars().last().ok_or_else(wrong)?;
    let factor = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 1440,
        _ => return Err(wrong()),
    };
    let count = range.strip_suffix(unit).and_then(|count| count.parse::<u32>().ok()).ok_or_else(wrong)?;
    let minutes = count.checked_mul(factor).filter(|minutes| (1..=366 * 1440).contains(minutes));
    minutes.ok_or_else(wrong)
}

/// A range of up to a day, from the store.
pub(super) fn from_store(store: &Store, minutes: u32, now: Timestamp) -> Vec<ReportRow> {
    let window = Window::new(store, minutes.min(LONGEST_WINDOW), now);
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for number in 0..ENDPOINTS {
        let sum = window.endpoint(number);
        if let Some((_, name)) = store.names().name(number).filter(|_| sum.count > 0) {
            sums.entry(name).or_default().merge(&sum);
        }
    }
    let mut rows: Vec<ReportRow> = sums.into_iter().map(|(endpoint, sum)| row(endpoint, &sum)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.request_count));
    rows
}

fn row(endpoint: String, sum: &Sum) -> ReportRow {
    let count = sum.count.max(1) as f64;
    ReportRow {
        endpoint,
        request_count: sum.count,
        avg_response_time: round(sum.sum_us as f64 / 1000.0 / count),
        max_response_time: round(sum.max_us as f64 / 1000.0),
        min_response_time: round(sum.min_us as f64 / 1000.0),
        avg_memory_usage: round(sum.memory_kib as f64 / 1024.0 / count),
        avg_cpu_usage: (sum.cpu_count > 0).then(|| round(sum.cpu as f64 / 100.0 / sum.cpu_count as f64)),
        error_count: sum.errors,
    }
}

const QUERY: &str = "SELECT endpoint, COUNT(*), CAST(AVG(response_time_ms) AS DOUBLE), \
     CAST(MAX(response_time_ms) AS DOUBLE), CAST(MIN(response_time_ms) AS DOUBLE), \
     CAST(AVG(memory_usage_mb) AS DOUBLE), CAST(AVG(cpu_usage_percent) AS DOUBLE), \
     CAST(SUM(status_code >= 400) AS UNSIGNED) \
     FROM meschain_performance_metrics WHERE created_at >= ? GROUP BY endpoint ORDER BY COUNT(*) DESC LIMIT 1000";

type Found = (String, u64, f64, f64, f64, Option<f64>, Option<f64>, u64);

/// A longer range, from what was drained.
pub(super) fn from_database(database: &Database, minutes: u32, now: Timestamp) -> Result<Vec<ReportRow>> {
    let since = super::drain::datetime(now.as_millisecond() - i64::from(minutes) * 60_000);
    let mut connection = database.connection()?;
    let found: Vec<Found> = rows::all(&mut connection, QUERY, (since,))?;
    let row = |(endpoint, request_count, avg, max, min, memory, cpu, error_count): Found| ReportRow {
        endpoint,
        request_count,
        avg_response_time: round(avg),
        max_response_time: round(max),
        min_response_time: round(min),
        avg_memory_usage: round(memory.unwrap_or(0.0)),
        avg_cpu_usage: cpu.map(round),
        error_count,
    };
    Ok(found.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges_and_refuses_others() {
        assert_eq!(parse_range("15m"), Ok(15));
        assert_eq!(parse_range("24h"), Ok(1440));
        assert_eq!(parse_range("30d"), Ok(43_200));
        for wrong in ["", "h", "-1h", "0m", "1w", "24", "99999999999d", "5000000d", "1ğ"] {
            assert!(matches!(parse_range(wrong), Err(Error::Argument { .. })), "{wrong}");
        }
    }
}

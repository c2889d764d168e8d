//! From shared words to the database, in batches, by a worker or the command line; never on a shopper's path.

use super::samples::{Sample, Samples};
use crate::cache::CacheManager;
use jiff::Timestamp;
use meschain_base::Result;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, TxOpts, Value};
use meschain_shop::{Database, fault, rows};

/// Rows of one statement.
const BATCH: usize = 200;
/// Rows deleted by one statement.
const PRUNE: u64 = 5_000;
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/// What a drain did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Drained {
    /// Requests written.
    pub written: u64,
    /// Requests that were overwritten or torn before this drain came to them.
    pub lost: u64,
    /// Requests still waiting.
    pub remaining: u64,
}

/// Writes up to `most` requests. A batch is taken from the ring after it was committed: a crash in between writes
/// it twice rather than never.
pub(super) fn drain(samples: Samples<'_>, database: &Database, most: usize) -> Result<Drained> {
    let mut connection = database.connection()?;
    let mut done = Drained { written: 0, lost: 0, remaining: 0 };
    while (done.written as usize) < most {
        let (batch, turn, lost) = samples.peek(BATCH.min(most - done.written as usize));
        if !batch.is_empty() {
            let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
            transaction.exec_drop(insert(batch.len()), parameters(&batch)).map_err(fault)?;
            transaction.commit().map_err(fault)?;
        }
        samples.advance(turn, lost);
        done.written += batch.len() as u64;
        done.lost += lost;
        if batch.is_empty() && lost == 0 {
            break;
        }
    }
    done.remaining = samples.waiting();
    Ok(done)
}

fn insert(rows: usize) -> String {
    let row = "(?,?,?,?,?,?,?,?,?,?)";
    format!(
        "INSERT INTO meschain_performance_metrics (endpoint, method, response_time_ms, memory_usage_mb, \
         cpu_usage_percent, status_code, error_message, user_id, marketplace_id, created_at) VALUES {}",
        vec![row; rows].join(",")
    )
}

fn parameters(batch: &[Sample]) -> Params {
    Params::Positional(batch.iter().flat_map(row).collect())
}

fn row(sample: &Sample) -> [Value; 10] {
    let method = METHODS.iter().find(|known| sample.method.eq_ignore_ascii_case(known)).unwrap_or(&"GET");
    let id = |id: Option<u32>| id.and_then(|id| i32::try_from(id).ok());
    let error = (!sample.error.is_empty()).then_some(sample.error.as_str());
    let cpu = sample.cpu.map(|cpu| decimal(u64::from(cpu.min(99_999)), 2));
    [
        sample.endpoint.as_str().into(),
        (*method).into(),
        decimal(sample.micros.min(999_999_999_999), 3).into(),
        decimal((u64::from(sample.memory_kib) * 100 / 1024).min(99_999_999), 2).into(),
        cpu.into(),
        sample.status_code.into(),
        error.into(),
        id(sample.user_id).into(),
        id(sample.marketplace_id).into(),
        datetime(i64::try_from(sample.at_ms).unwrap_or(0)).into(),
    ]
}

/// A fixed-point number as text: exact in a DECIMAL column.
fn decimal(value: u64, digits: u32) -> String {
    let unit = 10u64.pow(digits);
    format!("{}.{:0width$}", value / unit, value % unit, width = digits as usize)
}

/// `YYYY-MM-DD HH:MM:SS` in UTC.
pub(super) fn datetime(at_ms: i64) -> String {
    let instant = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    instant.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

const STATS: &str = "INSERT INTO meschain_cache_stats (cache_key, hit_count, miss_count, size_bytes, last_accessed) \
     VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE hit_count = VALUES(hit_count), \
     miss_count = VALUES(miss_count), size_bytes = VALUES(size_bytes), last_accessed = VALUES(last_accessed)";

/// Writes one row for each tier of a cache, named `tier:L0 memory` and so on; the counts are those since the
/// machine booted.
pub(super) fn drain_cache(database: &Database, cache: &CacheManager, now: Timestamp) -> Result<u64> {
    let mut connection = database.connection()?;
    let seen = datetime(now.as_millisecond());
    let int = |value: u64| i32::try_from(value).unwrap_or(i32::MAX);
    let tiers = cache.status();
    for tier in &tiers {
        let name = format!("tier:{} {}", tier.tier, tier.backend);
        let values = (name, int(tier.hits), int(tier.misses), int(tier.bytes), &seen);
        connection.exec_drop(STATS, values).map_err(fault)?;
    }
    Ok(tiers.len() as u64)
}

/// Deletes rows older than `days`, a few thousand at a time so that nothing waits long for their locks.
pub(super) fn prune(database: &Database, days: u32, now: Timestamp) -> Result<u64> {
    let before = datetime(now.as_millisecond() - i64::from(days) * 86_400_000);
    let mut connection = database.connection()?;
    let sql = format!(
        "DELETE FROM meschain_performance_metrics WHERE created_at < ? ORDER BY created_at LIMIT {PRUNE}"
    );
    let mut deleted = 0;
    loop {
        let some = rows::change(&mut connection, &sql, (&before,))?;
        deleted += some;
        if some < PRUNE {
            return Ok(deleted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_exact_decimals_and_utc_times() {
        assert_eq!(
            (decimal(1, 3), decimal(12_345, 3), decimal(700, 2)),
            ("0.001".into(), "12.345".into(), "7.00".into())
        );
        assert_eq!(datetime(1_700_000_000_000), "2023-11-14 22:13:20");
    }

    #[test]
    fn odd_methods_and_ids_fit_the_columns() {
        let mut sample = super::super::samples::tests::sample(1);
        sample.method = "HEAD".into();
        sample.user_id = Some(u32::MAX);
        let row = row(&sample);
        assert_eq!(row[1], Value::from("GET"));
        assert_eq!((&row[7], &row[6]), (&Value::NULL, &Value::NULL));
    }
}

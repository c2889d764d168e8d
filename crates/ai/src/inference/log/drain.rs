//! From the ring to `meschain_ai_predictions`, in batches, by a worker or the command line; never on a shopper's path.

use super::row::Row;
use crate::registry::{Kind, ledger};
use jiff::Timestamp;
use meschain_base::{Error, Result, Ring};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, TxOpts, Value as Cell};
use meschain_shop::{Database, fault, rows};
use std::collections::HashMap;

/// Rows of one statement.
const BATCH: usize = 200;
/// Rows deleted by one statement.
const PRUNE: u64 = 5_000;

/// What a drain did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Drained {
    /// Answers written.
    pub written: u64,
    /// Answers that were overwritten or torn before this drain came to them, or whose model the ledger does not know.
    pub lost: u64,
    /// Answers still waiting.
    pub remaining: u64,
}

/// Writes up to `most` answers. A batch leaves the ring after it was committed: a crash in between writes it twice rather than
/// never. A batch that the database refuses for good is lost, so that it does not stand in the way of the next.
pub(super) fn drain(ring: Ring<'_>, database: &Database, most: usize) -> Result<Drained> {
    let mut done = Drained::default();
    let mut known = HashMap::new();
    while (done.written + done.lost) < most as u64 {
        let (found, turn, lost) = ring.peek(BATCH);
        if found.is_empty() && lost == 0 {
            break;
        }
        let mut batch = Vec::with_capacity(found.len());
        for row in found.iter().filter_map(|words| Row::of(words)) {
            if let Some(model) = model_id(database, &mut known, row.kind, &row.version)? {
                batch.push((model, row));
            }
        }
        let written = match write(database, &batch) {
            Ok(()) => batch.len() as u64,
            Err(error) if error.is_transient() => return Err(error),
            Err(_) => 0,
        };
        ring.advance(turn, lost);
        done.written += written;
        done.lost += lost + found.len() as u64 - written;
    }
    done.remaining = ring.waiting();
    Ok(done)
}

fn model_id(
    database: &Database,
    known: &mut HashMap<(&'static str, String), Option<u32>>,
    kind: Kind,
    version: &str,
) -> Result<Option<u32>> {
    let key = (kind.name(), version.to_owned());
    if let Some(id) = known.get(&key) {
        return Ok(*id);
    }
    let id = match ledger::model_id(database, kind, version) {
        Err(Error::NotFound { .. }) => None,
        other => Some(other?),
    };
    known.insert(key, id);
    Ok(id)
}

fn write(database: &Database, batch: &[(u32, Row)]) -> Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO meschain_ai_predictions (model_id, input_data, prediction_result, confidence_score, \
         execution_time_ms, marketplace_id, product_id, created_at) VALUES {}",
        vec!["(?, ?, ?, ?, ?, ?, ?, ?)"; batch.len()].join(", ")
    );
    let cells = batch.iter().flat_map(|(model, row)| cells(*model, row)).collect();
    let mut connection = database.connection()?;
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    transaction.exec_drop(sql, Params::Positional(cells)).map_err(fault)?;
    transaction.commit().map_err(fault)
}

fn cells(model: u32, row: &Row) -> [Cell; 8] {
    let id = |id: Option<u32>| id.and_then(|id| i32::try_from(id).ok());
    let confidence = row.confidence.map(|confidence| format!("{:.4}", confidence.clamp(0.0, 1.0)));
    let ms = row.nanos.map(|nanos| format!("{:.3}", (nanos as f64 / 1e6).min(999_999_999.0)));
    [
        model.into(),
        row.input.as_str().into(),
        row.result.as_str().into(),
        confidence.into(),
        ms.into(),
        id(row.marketplace_id).into(),
        id(row.product_id).into(),
        datetime(i64::try_from(row.at_ms).unwrap_or(0)).into(),
    ]
}

/// `YYYY-MM-DD HH:MM:SS` in UTC.
fn datetime(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or_default().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Deletes rows older than `days`, a few thousand at a time so that nothing waits long for their locks.
pub(super) fn prune(database: &Database, days: u32, now: Timestamp) -> Result<u64> {
    let before = datetime(now.as_millisecond() - i64::from(days) * 86_400_000);
    let sql =
        format!("DELETE FROM meschain_ai_predictions WHERE created_at < ? ORDER BY created_at LIMIT {PRUNE}");
    let mut deleted = 0;
    loop {
        let some = rows::change(&mut database.connection()?, &sql, (&before,))?;
        deleted += some;
        if some < PRUNE {
            return Ok(deleted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Progress;
    use meschain_testkit::mariadb;
    use std::sync::atomic::AtomicU64;

    fn row(version: &str, product: u32) -> Row {
        Row {
            at_ms: 1_700_000_000_000,
            kind: Kind::Pricing,
            version: version.to_owned(),
            product_id: Some(product),
            marketplace_id: Some(1),
            confidence: Some(0.81234),
            nanos: Some(23_456),
            input: "{}".to_owned(),
            result: r#"{"suggested_price":4.5}"#.to_owned(),
        }
    }

    #[test]
    fn batches_are_written_once_and_what_no_ledger_knows_is_dropped() {
        let database = Database::main(&mariadb().fresh("prediction_log")).unwrap();
        meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
        let model = "INSERT INTO meschain_ai_models (model_name, model_type, model_version, model_path) \
                     VALUES ('PriceOptimizer', 'pricing', 'v1', '')";
        rows::change(&mut database.connection().unwrap(), model, ()).unwrap();
        let words: Vec<AtomicU64> =
            (0..Ring::words(512, super::super::RECORD)).map(|_| AtomicU64::new(0)).collect();
        let ring = Ring::new(&words, 512, super::super::RECORD);
        (0..300).for_each(|n| ring.push(row(if n == 7 { "v0" } else { "v1" }, n).words()));

        let done = drain(ring, &database, 10_000).unwrap();

        assert_eq!(done, Drained { written: 299, lost: 1, remaining: 0 });
        assert_eq!(drain(ring, &database, 10_000).unwrap(), Drained::default());
        let sql = "SELECT COUNT(*), CAST(MIN(confidence_score) AS CHAR), CAST(MIN(execution_time_ms) AS CHAR), \
                   CAST(MIN(created_at) AS CHAR) FROM meschain_ai_predictions";
        let found: Option<(u64, String, String, String)> =
            rows::first(&mut database.connection().unwrap(), sql, ()).unwrap();
        let expected = (299, "0.8123".to_owned(), "0.023".to_owned(), "2023-11-14 22:13:20".to_owned());
        assert_eq!(found, Some(expected));
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(prune(&database, 30, at("2023-11-20T00:00:00Z")).unwrap(), 0);
        assert_eq!(prune(&database, 30, at("2024-01-01T00:00:00Z")).unwrap(), 299);
    }
}

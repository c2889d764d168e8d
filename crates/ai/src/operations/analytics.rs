//! How a model has done over time: figures of its versions, forecasts against sales, drift, what became of its suggestions,
//! and how much it was asked.

use crate::model_file::ModelFile;
use crate::registry::{Kind, Shelf};
use meschain_base::Result;
use meschain_shop::mysql::PooledConn;
use meschain_shop::{Database, rows};
use serde_json::{Value, json};

/// The answer of `AI::analytics()` over the last `days`.
pub fn analytics(shelf: Option<&Shelf>, database: &Database, kind: Kind, days: u32) -> Result<Value> {
    let mut connection = database.connection()?;
    let connection = &mut connection;
    let metric = metric(shelf, kind);
    Ok(json!({
        "type": kind,
        "days": days,
        "metric": metric,
        "accuracy": accuracy(connection, kind, days)?,
        "calibration": calibration(shelf, connection, kind, days)?,
        "forecast": if kind == Kind::Forecasting { forecast(connection, days)? } else { Vec::new() },
        "drift": drift(connection, kind, days)?,
        "acceptance": acceptance(connection, kind, days)?,
        "predictions": predictions(connection, kind, days)?,
    }))
}

fn metric(shelf: Option<&Shelf>, kind: Kind) -> Option<Value> {
    let card = shelf?.current(kind).ok()??;
    card.metric.map(|metric| json!({ "name": metric.name, "better": metric.better }))
}

fn accuracy(connection: &mut PooledConn, kind: Kind, days: u32) -> Result<Vec<Value>> {
    let sql = "SELECT DATE_FORMAT(finished_at, '%Y-%m-%dT%H:%i:%sZ'), model_version, \
               COALESCE(CAST(JSON_EXTRACT(detail, '$.held_out_value') AS DOUBLE), challenger_value), baseline_value \
               FROM meschain_ai_training_runs WHERE model_type = ? AND status = 'published' \
               AND started_at > UTC_TIMESTAMP() - INTERVAL ? DAY ORDER BY run_id";
    type Published = (Option<String>, Option<String>, Option<f64>, Option<f64>);
    let found: Vec<Published> = rows::all(connection, sql, (kind.name(), days))?;
    let row = |(at, version, value, baseline)| json!({ "at": at, "version": version, "value": value, "baseline": baseline });
    Ok(found.into_iter().map(row).collect())
}

/// How often the model was right, by how sure it was, on held-out data, as its file has it; where it holds nothing, what was decided
/// about suggestions, by the confidence they had.
fn calibration(
    shelf: Option<&Shelf>,
    connection: &mut PooledConn,
    kind: Kind,
    days: u32,
) -> Result<Vec<Value>> {
    if kind != Kind::Categorization {
        return Ok(Vec::new());
    }
    let held = shelf.and_then(|shelf| {
        let card = shelf.current(kind).ok()??;
        let header = ModelFile::inspect(&shelf.path(&card)).ok()?;
        header.parameters.get("reliability")?.as_array().cloned()
    });
    if let Some(held) = held.filter(|held| !held.is_empty()) {
        return Ok(held);
    }
    let sql = "SELECT CAST(AVG(confidence) AS DOUBLE), CAST(AVG(status = 'applied') AS DOUBLE), COUNT(*) \
               FROM meschain_ai_suggestions WHERE kind = 'category' AND status IN ('applied', 'rejected', 'undone') \
               AND confidence IS NOT NULL AND decided_at > UTC_TIMESTAMP() - INTERVAL ? DAY \
               GROUP BY FLOOR(confidence * 10) ORDER BY 1";
    let found: Vec<(f64, f64, i64)> = rows::all(connection, sql, (days,))?;
    let row =
        |(confidence, right, count)| json!({ "confidence": confidence, "accuracy": right, "count": count });
    Ok(found.into_iter().map(row).collect())
}

/// The newest forecast of each day for the whole shop beside what sold.
fn forecast(connection: &mut PooledConn, days: u32) -> Result<Vec<Value>> {
    let sql = "SELECT DATE_FORMAT(f.period_start, '%Y-%m-%d'), f.units, f.lower, f.upper, f.actual \
               FROM meschain_ai_forecasts f JOIN (SELECT period_start, MAX(made_on) AS made_on \
                     FROM meschain_ai_forecasts WHERE product_id = 0 AND granularity = 'day' \
                     AND period_start > UTC_DATE() - INTERVAL ? DAY GROUP BY period_start) newest \
               ON newest.period_start = f.period_start AND newest.made_on = f.made_on \
               WHERE f.product_id = 0 AND f.granularity = 'day' ORDER BY f.period_start";
    let found: Vec<(String, f64, f64, f64, Option<f64>)> = rows::all(connection, sql, (days,))?;
    let row = |(date, forecast, lower, upper, actual)| json!({ "date": date, "forecast": forecast, "lower": lower, "upper": upper, "actual": actual });
    Ok(found.into_iter().map(row).collect())
}

fn drift(connection: &mut PooledConn, kind: Kind, days: u32) -> Result<Vec<Value>> {
    let sql = "SELECT DATE_FORMAT(day, '%Y-%m-%d'), measure, value, reference, CAST(status AS CHAR) \
               FROM meschain_ai_drift WHERE model_type = ? AND day > UTC_DATE() - INTERVAL ? DAY \
               ORDER BY day, measure";
    let found: Vec<(String, String, f64, Option<f64>, String)> =
        rows::all(connection, sql, (kind.name(), days))?;
    let row = |(day, measure, value, reference, status)| json!({ "day": day, "measure": measure, "value": value, "reference": reference, "status": status });
    Ok(found.into_iter().map(row).collect())
}

fn acceptance(connection: &mut PooledConn, kind: Kind, days: u32) -> Result<Vec<Value>> {
    let suggested = match kind {
        Kind::Categorization => "category",
        Kind::Pricing => "price",
        Kind::Forecasting => "reorder",
        Kind::Recommendation => return Ok(Vec::new()),
    };
    let sql = "SELECT DATE_FORMAT(DATE(decided_at) - INTERVAL WEEKDAY(decided_at) DAY, '%Y-%m-%d') AS week, \
               CAST(SUM(status = 'applied' AND (after_value IS NULL OR after_value = suggested_value)) AS SIGNED), \
               CAST(SUM(status = 'applied' AND after_value IS NOT NULL AND after_value <> suggested_value) AS SIGNED), \
               CAST(SUM(status IN ('rejected', 'undone')) AS SIGNED) FROM meschain_ai_suggestions \
               WHERE kind = ? AND status IN ('applied', 'rejected', 'undone') \
               AND decided_at > UTC_TIMESTAMP() - INTERVAL ? DAY GROUP BY week ORDER BY week";
    let found: Vec<(String, i64, i64, i64)> = rows::all(connection, sql, (suggested, days))?;
    let row = |(week, accepted, changed, refused)| json!({ "week": week, "accepted": accepted, "changed": changed, "refused": refused });
    Ok(found.into_iter().map(row).collect())
}

fn predictions(connection: &mut PooledConn, kind: Kind, days: u32) -> Result<Value> {
    let of_kind = "FROM meschain_ai_predictions p JOIN meschain_ai_models m ON m.model_id = p.model_id \
                   WHERE m.model_type = ? AND p.created_at > UTC_TIMESTAMP() - INTERVAL ? DAY";
    let sql = format!(
        "SELECT DATE_FORMAT(p.created_at, '%Y-%m-%d') AS day, COUNT(*) {of_kind} GROUP BY day ORDER BY day"
    );
    let per_day: Vec<(String, i64)> = rows::all(connection, &sql, (kind.name(), days))?;
    let count: i64 = per_day.iter().map(|(_, count)| count).sum();
    let sql = format!(
        "SELECT CAST(p.execution_time_ms AS DOUBLE) {of_kind} AND p.execution_time_ms IS NOT NULL \
         ORDER BY p.execution_time_ms LIMIT 1 OFFSET ?"
    );
    let median: Option<f64> = rows::first(connection, &sql, (kind.name(), days, count / 2))?;
    let per_day: Vec<Value> =
        per_day.into_iter().map(|(day, count)| json!({ "day": day, "count": count })).collect();
    Ok(json!({ "count": count, "median_ms": median, "per_day": per_day }))
}

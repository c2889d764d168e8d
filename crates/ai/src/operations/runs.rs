//! `meschain_ai_training_runs`: one row for each training and what became of it.
//!
//! A database that does not answer leaves no row; it never stops a training.

use crate::registry::{Card, Kind, Metric};
use crate::training::Fallback;
use crate::training::judge::Verdict;
use meschain_base::{Error, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, PooledConn, Row, Value as Cell, params};
use meschain_shop::{Connection, Database, fault, rows};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Instant;

/// Why a model is trained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Somebody asked.
    #[default]
    Manual,
    /// It was time.
    Schedule,
    /// The shop has moved away from the model.
    Drift,
    /// The library does not read the file of the model that should serve: of a format before an upgrade, or damaged.
    Upgrade,
}

impl Reason {
    /// From its name; anything else is manual.
    pub fn parse(name: &str) -> Self {
        match name {
            "schedule" => Self::Schedule,
            "drift" => Self::Drift,
            "upgrade" => Self::Upgrade,
            _ => Self::Manual,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Schedule => "schedule",
            Self::Drift => "drift",
            Self::Upgrade => "upgrade",
        }
    }
}

/// How a model is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// With all searches and trials.
    Full,
    /// With the choices of the last full training.
    Update,
}

/// What became of a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It serves.
    Published,
    /// The champion keeps serving.
    NotBetter,
    /// Too little to learn from.
    NotEnoughData,
    /// An error ended it.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::NotBetter => "not_better",
            Self::NotEnoughData => "not_enough_data",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The end of a training.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Which model.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What became of it.
    pub status: Status,
    /// How it was trained.
    pub mode: Mode,
    /// Why an update that was asked for became a full training.
    pub full_because: Option<Fallback>,
    /// The version that was made, also when it does not serve.
    pub version: Option<String>,
    /// The version that served before.
    pub champion_version: Option<String>,
    /// Champion and challenger side by side, where they were compared.
    pub verdict: Option<Verdict>,
    /// The challenger's own held-out figure.
    pub metric: Option<Metric>,
    /// Rows that were looked at.
    pub rows_seen: u64,
    /// Examples it was trained on, in the model's own unit.
    pub rows_used: u64,
    /// What was used, what was left out and why.
    #[serde(skip)]
    pub quality: Value,
    /// What went wrong, or why the champion stays.
    pub error: Option<String>,
}

impl Outcome {
    /// Nothing known but the kind and the end.
    pub fn new(kind: Kind, status: Status) -> Self {
        let (version, champion_version, verdict, metric, error) = (None, None, None, None, None);
        Self {
            kind,
            status,
            mode: Mode::Full,
            full_because: None,
            version,
            champion_version,
            verdict,
            metric,
            rows_seen: 0,
            rows_used: 0,
            quality: Value::Null,
            error,
        }
    }
}

/// A training under way. Its row says `running` until [`Run::close`].
pub struct Run {
    kind: Kind,
    row: Option<i64>,
    started: Instant,
    // Holds the lock that lets one node train a kind at a time.
    connection: Option<Connection>,
}

impl Run {
    /// Opens the row. No other node trains this kind meanwhile: else [`Error::Busy`]. Rows of trainings that died are closed.
    pub fn open(
        database: &Database,
        kind: Kind,
        why: (Reason, Mode),
        champion: Option<&Card>,
        job: Option<i64>,
    ) -> Result<Self> {
        let mut run = Self { kind, row: None, started: Instant::now(), connection: None };
        // A pool of its own: the lock lives as long as its connection.
        let Ok(mut connection) = database.patient().connection() else { return Ok(run) };
        match lock(&mut connection, database, kind) {
            Ok(true) => {}
            Ok(false) => return Err(Error::Busy { what: "training this model" }),
            Err(_) => return Ok(run),
        }
        run.row = insert(&mut connection, kind, why, champion, job).ok();
        run.connection = Some(connection);
        Ok(run)
    }

    /// Writes down what became of it.
    pub fn close(mut self, outcome: &Outcome) {
        let seconds = self.started.elapsed().as_secs_f64();
        if let (Some(row), Some(connection)) = (self.row, self.connection.as_mut()) {
            debug_assert_eq!(outcome.kind, self.kind);
            let _ = update(connection, row, outcome, seconds);
        }
    }
}

fn lock(connection: &mut PooledConn, database: &Database, kind: Kind) -> Result<bool> {
    let name = format!("{}/{}/train/{}", database.name(), database.prefix(), kind.name());
    let digest = blake3::hash(name.as_bytes()).to_hex();
    let name = format!("meschain:{}", digest.get(..32).unwrap_or_default());
    Ok(rows::first::<Option<i64>>(connection, "SELECT GET_LOCK(?, 0)", (name,))?.flatten() == Some(1))
}

fn insert(
    connection: &mut PooledConn,
    kind: Kind,
    (reason, mode): (Reason, Mode),
    champion: Option<&Card>,
    job: Option<i64>,
) -> Result<i64> {
    // Whoever held the lock before has gone.
    connection
        .exec_drop(
            "UPDATE meschain_ai_training_runs SET status = 'failed', error = 'The training ended without a word.', \
             finished_at = UTC_TIMESTAMP(6) WHERE model_type = ? AND status = 'running'",
            (kind.name(),),
        )
        .map_err(fault)?;
    connection
        .exec_drop(
            "INSERT INTO meschain_ai_training_runs (model_type, reason, champion_version, detail, started_at) \
             VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))",
            (
                kind.name(),
                reason.name(),
                champion.map(|card| card.version.as_str()),
                json!({ "job_id": job, "mode": mode }).to_string(),
            ),
        )
        .map_err(fault)?;
    let id = rows::first::<i64>(connection, "SELECT LAST_INSERT_ID()", ())?;
    id.ok_or_else(|| Error::internal("training runs", "an inserted row has no number"))
}

fn update(connection: &mut PooledConn, row: i64, outcome: &Outcome, seconds: f64) -> Result<()> {
    let (verdict, metric) = (outcome.verdict.as_ref(), outcome.metric.as_ref());
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let detail = json!({
        "mode": outcome.mode,
        "full_because": outcome.full_because,
        "rows_compared": verdict.map(|verdict| verdict.rows),
        "better": verdict.map(|verdict| &verdict.better).or(metric.map(|metric| &metric.better)),
        "quality": outcome.quality,
        "held_out_value": finite(metric.map(|metric| metric.value)),
        "baseline_name": metric.map(|metric| &metric.baseline_name),
    });
    connection
        .exec_drop(
            "UPDATE meschain_ai_training_runs SET status = :status, model_version = :version, metric = :metric, \
             challenger_value = :challenger, champion_value = :champion, baseline_value = :baseline, \
             rows_seen = :seen, rows_used = :used, seconds = :seconds, error = :error, \
             detail = JSON_MERGE_PATCH(COALESCE(detail, '{}'), :detail), finished_at = UTC_TIMESTAMP(6) \
             WHERE run_id = :row",
            params! {
                "status" => outcome.status.name(),
                "version" => &outcome.version,
                "metric" => verdict.map(|verdict| &verdict.metric).or(metric.map(|metric| &metric.name)),
                "challenger" => finite(verdict.map(|one| one.challenger).or(metric.map(|metric| metric.value))),
                "champion" => finite(verdict.map(|verdict| verdict.champion)),
                "baseline" => finite(metric.map(|metric| metric.baseline)),
                "seen" => outcome.rows_seen.max(outcome.rows_used),
                "used" => outcome.rows_used,
                "seconds" => format!("{seconds:.3}"),
                "error" => outcome.error.as_ref().map(|error| error.chars().take(500).collect::<String>()),
                "detail" => detail.to_string(),
                "row" => row,
            },
        )
        .map_err(fault)
}

/// Which runs.
#[derive(Debug, Clone)]
pub struct RunFilter {
    /// Of one model only.
    pub kind: Option<Kind>,
    /// At most so many, 1 to 200.
    pub limit: u32,
}

/// Runs, newest first, with the keys of `AI::runs()`.
pub fn list(database: &Database, filter: &RunFilter) -> Result<Vec<Value>> {
    let (condition, mut values) = match filter.kind {
        Some(kind) => ("model_type = ?", vec![Cell::from(kind.name())]),
        None => ("TRUE", Vec::new()),
    };
    values.push(filter.limit.into());
    let sql = format!(
        "SELECT run_id, CAST(model_type AS CHAR) AS type, CAST(reason AS CHAR) AS reason, \
         CAST(status AS CHAR) AS status, model_version, champion_version, metric, challenger_value, champion_value, \
         baseline_value, rows_seen, rows_used, CAST(seconds AS DOUBLE) AS seconds, error, \
         CAST(detail AS CHAR) AS detail, DATE_FORMAT(started_at, '%Y-%m-%dT%H:%i:%sZ') AS started_at, \
         DATE_FORMAT(finished_at, '%Y-%m-%dT%H:%i:%sZ') AS finished_at \
         FROM meschain_ai_training_runs WHERE {condition} ORDER BY run_id DESC LIMIT ?"
    );
    let found: Vec<Row> = rows::all(&mut database.reader()?, &sql, Params::Positional(values))?;
    found.into_iter().map(shown).collect()
}

fn shown(mut row: Row) -> Result<Value> {
    let row = &mut row;
    let detail: Option<String> = rows::take(row, "detail")?;
    let detail: Value = detail.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
    Ok(json!({
        "run_id": rows::take::<i64>(row, "run_id")?,
        "type": rows::take::<String>(row, "type")?,
        "reason": rows::take::<String>(row, "reason")?,
        "mode": detail.get("mode").and_then(Value::as_str).unwrap_or("full"),
        "full_because": detail.get("full_because").unwrap_or(&Value::Null),
        "status": rows::take::<String>(row, "status")?,
        "version": rows::take::<Option<String>>(row, "model_version")?,
        "champion_version": rows::take::<Option<String>>(row, "champion_version")?,
        "metric": rows::take::<Option<String>>(row, "metric")?,
        "better": detail.get("better").unwrap_or(&Value::Null),
        "challenger": rows::take::<Option<f64>>(row, "challenger_value")?,
        "champion": rows::take::<Option<f64>>(row, "champion_value")?,
        "baseline": rows::take::<Option<f64>>(row, "baseline_value")?,
        "rows_compared": detail.get("rows_compared").unwrap_or(&Value::Null),
        "rows_seen": rows::take::<i64>(row, "rows_seen")?,
        "rows_used": rows::take::<i64>(row, "rows_used")?,
        "seconds": rows::take::<Option<f64>>(row, "seconds")?,
        "error": rows::take::<Option<String>>(row, "error")?,
        "started_at": rows::take::<Option<String>>(row, "started_at")?,
        "finished_at": rows::take::<Option<String>>(row, "finished_at")?,
    }))
}

/// The kinds that this job has finished already, in an attempt before.
pub fn finished_by(database: &Database, job: i64) -> Result<Vec<Kind>> {
    let sql = "SELECT DISTINCT CAST(model_type AS CHAR) FROM meschain_ai_training_runs \
               WHERE status IN ('published', 'not_better', 'not_enough_data') \
               AND started_at > UTC_TIMESTAMP() - INTERVAL 7 DAY AND JSON_EXTRACT(detail, '$.job_id') = ?";
    let names: Vec<String> = rows::all(&mut database.connection()?, sql, (job,))?;
    names.iter().map(|name| Kind::parse(name)).collect()
}

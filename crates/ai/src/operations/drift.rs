//! Whether the shop has moved away from its models: the newest 28 days of their inputs against what they were trained on, and
//! their error since training against their error at training.

use super::alerts::{self, Alert};
use super::inputs::{Input, inputs};
use crate::registry::{Card, Kind};
use crate::settings::AiSettings;
use crate::training::Workshop;
use crate::training::judge;
use jiff::tz::TimeZone;
use meschain_base::{Progress, Result};
use meschain_shop::mysql::params;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::{Database, fault};
use serde::Serialize;
use serde_json::{Value, json};

/// One thing that was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    /// Which model.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// `psi:FEATURE` or `error`.
    pub measure: String,
    /// The index, or the error since training.
    pub value: f64,
    /// The limit of the index, or the error at training.
    pub reference: Option<f64>,
    /// `ok`, `watch` or `drifted`.
    pub status: &'static str,
    /// Rows measured.
    pub rows: u64,
}

/// Measures every model that serves, keeps one row a day and measure, and raises or closes alerts.
pub fn check(workshop: &Workshop<'_>, progress: &Progress) -> Result<Vec<Measure>> {
    let settings = AiSettings::load(workshop.database)?;
    let zone = TimeZone::get(workshop.timezone).unwrap_or(TimeZone::UTC);
    let today = workshop.clock.now().to_zoned(zone).date().to_string();
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let Some(card) = workshop.shelf.current(kind).unwrap_or(None) else { continue };
        progress.stage(&format!("{}: drift", kind.name()), 0)?;
        let mut measures = psi_of(workshop, &card, &settings, progress)?;
        measures.extend(error_of(workshop, &card, &settings, progress)?);
        for measure in &measures {
            keep(workshop.database, &today, measure)?;
        }
        tell(workshop.database, &card, &measures)?;
        all.extend(measures);
    }
    Ok(all)
}

fn psi_of(
    workshop: &Workshop<'_>,
    card: &Card,
    settings: &AiSettings,
    progress: &Progress,
) -> Result<Vec<Measure>> {
    let limit = settings.drift_psi_limit;
    let measure = |input: Input| {
        let value = input.trained.psi(&input.recent)?;
        let status = graded(value, limit, limit * 0.4);
        let (measure, rows) = (format!("psi:{}", input.feature), input.recent.len() as u64);
        Some(Measure { kind: card.kind, measure, value, reference: Some(limit), status, rows })
    };
    Ok(inputs(workshop, card, progress)?.into_iter().filter_map(measure).collect())
}

/// The error since training over the one at training, in the terms of the model's figure: `1 - value` where higher is better.
fn error_of(
    workshop: &Workshop<'_>,
    card: &Card,
    settings: &AiSettings,
    progress: &Progress,
) -> Result<Option<Measure>> {
    let Some(metric) = &card.metric else { return Ok(None) };
    let Some((since, rows)) = judge::since_training(workshop, card, progress)? else { return Ok(None) };
    let error = |value: f64| if metric.better == "lower" { value } else { 1.0 - value };
    let (value, reference) = (error(since), error(metric.value));
    let ratio = value / reference.max(1e-9);
    let watch = 1.0 + (settings.drift_error_ratio - 1.0) / 2.0;
    let status = graded(ratio, settings.drift_error_ratio, watch);
    let measure = "error".to_owned();
    Ok(Some(Measure { kind: card.kind, measure, value, reference: Some(reference), status, rows }))
}

fn graded(value: f64, limit: f64, watch: f64) -> &'static str {
    match value {
        value if value >= limit => "drifted",
        value if value >= watch => "watch",
        _ => "ok",
    }
}

fn keep(database: &Database, today: &str, measure: &Measure) -> Result<()> {
    let sql = "INSERT INTO meschain_ai_drift (day, model_type, measure, value, reference, status, detail) \
               VALUES (:day, :kind, :measure, :value, :reference, :status, :detail) ON DUPLICATE KEY UPDATE \
               value = VALUES(value), reference = VALUES(reference), status = VALUES(status), detail = VALUES(detail)";
    let values = params! {
        "day" => today,
        "kind" => measure.kind.name(),
        "measure" => &measure.measure,
        "value" => measure.value,
        "reference" => measure.reference,
        "status" => measure.status,
        "detail" => json!({ "rows": measure.rows }).to_string(),
    };
    database.connection()?.exec_drop(sql, values).map_err(fault)
}

/// One alert a model, open as long as any of its measures has drifted.
fn tell(database: &Database, card: &Card, measures: &[Measure]) -> Result<()> {
    let key = format!("ai:drift:{}", card.kind.name());
    let drifted: Vec<&Measure> = measures.iter().filter(|measure| measure.status == "drifted").collect();
    if drifted.is_empty() {
        return alerts::resolve(database, &key);
    }
    let names = drifted.iter().map(|measure| measure.measure.as_str()).collect::<Vec<_>>().join(", ");
    let data: Value = json!({ "model_type": card.kind.name(), "version": card.version, "measures": drifted });
    let title = format!("{}: the shop has moved away from the model", card.kind.title());
    let message =
        format!("Drifted: {names}. The model is trained again on its own where that is switched on.");
    alerts::raise(database, &Alert { key: &key, severity: "medium", title: &title, message: &message, data })
}

//! When models are trained again on their own: every so many days, with updates in between where that is set, when the shop has drifted, and
//! when the file of the model that serves is refused. A worker looks now and then; the queue's unique keys keep nodes from doing the same twice.

use super::Mode;
use super::past::Past;
use super::refusal::to_train;
use crate::registry::{Card, Kind, Shelf};
use crate::settings::AiSettings;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use meschain_base::Result;
use meschain_shop::jobs::{NewJob, Queue};
use meschain_shop::{Database, rows};
use serde::Serialize;
use serde_json::{Value, json};

/// Hours between two automatic jobs of the same key, whatever became of the first.
const PATIENCE_HOURS: u32 = 20;
/// Why a model is trained whose file is refused.
const UPGRADE: &str = "upgrade";

/// The next training of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Next {
    /// Which model.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// ISO 8601, UTC.
    pub due_at: String,
    /// `schedule`, `drift`, or `upgrade` where the file of the model that serves is refused.
    pub reason: &'static str,
    /// Whether it is an update.
    pub mode: Mode,
}

/// The next training of every model that was trained once; the first is asked for by somebody. Those of `refused` are due now, whose
/// card may be unreadable, too.
pub fn next(
    shelf: &Shelf,
    database: &Database,
    settings: &AiSettings,
    timezone: &str,
    now: Timestamp,
    refused: &[Kind],
) -> Result<Vec<Next>> {
    let mut all = Vec::new();
    let mut past = None;
    for kind in Kind::ALL {
        if refused.contains(&kind) {
            all.push(Next { kind, due_at: iso(now), reason: UPGRADE, mode: Mode::Full });
            continue;
        }
        let Some(card) = shelf.current(kind).unwrap_or(None) else { continue };
        let trained = card.trained_at.parse().ok();
        let past = match &past {
            Some(past) => past,
            None => &*past.insert(Past::read(database)?),
        };
        let last_full = past.last_full(kind).or(trained).unwrap_or(now);
        let last = past.last(kind).or(trained).unwrap_or(now);
        let (due, reason, mode) = if past.has_drifted(kind, last_full) {
            (now, "drift", Mode::Full)
        } else {
            let full = due_after(last_full, settings.retrain_days, settings, timezone);
            let update = due_after(last, settings.update_days, settings, timezone);
            // A full training that is due is not put off by an update.
            let is_update = settings.update_days > 0 && update < full && full > now;
            if is_update { (update, "schedule", Mode::Update) } else { (full, "schedule", Mode::Full) }
        };
        all.push(Next { kind, due_at: iso(due), reason, mode });
    }
    Ok(all)
}

fn iso(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The hour of the shop's day, so many days after the last.
fn due_after(last: Timestamp, days: u32, settings: &AiSettings, timezone: &str) -> Timestamp {
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    let local = last.to_zoned(zone);
    let day = local.date().saturating_add(i64::from(days).days());
    let hour = i8::try_from(settings.retrain_hour).unwrap_or(3);
    let due = day.at(hour, 0, 0, 0).to_zoned(local.time_zone().clone());
    due.map_or(last, |due| due.timestamp())
}

/// The answer of `AI::schedule()`.
pub fn schedule(shelf: &Shelf, database: &Database, timezone: &str, now: Timestamp) -> Result<Value> {
    let settings = AiSettings::load(database)?;
    let last = super::runs::list(database, &super::RunFilter { kind: None, limit: 1 })?;
    Ok(json!({
        "enabled": settings.retrain_enabled,
        "next": next(shelf, database, &settings, timezone, now, &to_train(shelf))?,
        "last": last.first(),
    }))
}

/// Puts what is due into the queue, and what of `refused` calls for a training, and returns how many jobs that were. Cheap: a few statements by
/// primary key and index.
pub fn tick(
    shelf: &Shelf,
    database: &Database,
    timezone: &str,
    now: Timestamp,
    refused: &[Kind],
) -> Result<u32> {
    let settings = AiSettings::load(database)?;
    let queue = Queue::new(database.clone());
    let mut queued = 0;
    if shelf.current(Kind::Forecasting).unwrap_or(None).is_some() {
        queued += u32::from(offer(&queue, database, "forecast", "forecast", json!({}))?);
    }
    if !settings.retrain_enabled {
        return Ok(queued);
    }
    for next in next(shelf, database, &settings, timezone, now, refused)? {
        let due = next.due_at.parse::<Timestamp>().is_ok_and(|due| due <= now);
        let (name, update) = (next.kind.name(), next.mode == Mode::Update);
        let payload = json!({ "models": [name], "reason": next.reason, "update": update });
        // A file that is refused does not wait for the patience after a scheduled training; it has its own.
        let key = if next.reason == UPGRADE { format!("{name}:{UPGRADE}") } else { name.to_owned() };
        queued += u32::from(due && offer(&queue, database, "train", &key, payload)?);
    }
    if is_a_day_old(shelf, now) {
        queued += u32::from(offer(&queue, database, "drift", "drift", json!({}))?);
    }
    Ok(queued)
}

/// On the day of a training there is nothing to compare.
fn is_a_day_old(shelf: &Shelf, now: Timestamp) -> bool {
    let old = |card: Card| {
        card.trained_at.parse::<Timestamp>().is_ok_and(|at| now.as_second() - at.as_second() > 86_400)
    };
    Kind::ALL.into_iter().any(|kind| shelf.current(kind).unwrap_or(None).is_some_and(old))
}

fn offer(queue: &Queue, database: &Database, kind: &str, key: &str, payload: Value) -> Result<bool> {
    let key = format!("auto:{key}");
    let sql = "SELECT COUNT(*) FROM meschain_jobs WHERE kind = ? AND unique_key = ? \
               AND created_at > CURRENT_TIMESTAMP(6) - INTERVAL ? HOUR";
    let recent = rows::first::<i64>(&mut database.connection()?, sql, (kind, &key, PATIENCE_HOURS))?;
    if recent.unwrap_or(0) > 0 {
        return Ok(false);
    }
    queue.enqueue(&NewJob { unique_key: Some(key), max_attempts: 2, ..NewJob::new(kind, payload) })?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_training_is_at_the_hour_of_the_shop() {
        let settings = AiSettings { retrain_days: 7, retrain_hour: 3, ..AiSettings::default() };
        let last: Timestamp = "2026-11-19T22:30:00Z".parse().unwrap();
        // 01:30 on the 20th in Istanbul (UTC+3): seven days later at 03:00 there.
        let due = due_after(last, settings.retrain_days, &settings, "Europe/Istanbul");
        assert_eq!(due.to_string(), "2026-11-27T00:00:00Z");
    }
}

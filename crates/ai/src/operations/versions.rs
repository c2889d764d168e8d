//! The versions that are kept, and the way back to one of them.

use crate::model_file::ModelFile;
use crate::registry::{Card, Kind, Shelf, distribution, ledger};
use crate::settings::By;
use crate::training::ModelRow;
use meschain_base::{Error, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::{Database, fault};
use serde_json::{Value, json};

/// Kept versions of a kind, newest first, with the keys of `AI::versions()`. Reads every file once, to check it.
pub fn list(shelf: &Shelf, kind: Kind) -> Result<Vec<Value>> {
    let serving = shelf.current(kind).unwrap_or(None).map(|card| card.version);
    let row = |card: Card| {
        let path = shelf.path(&card);
        let bytes = std::fs::metadata(&path).map_or(0, |data| data.len());
        let good = is_good(shelf, &card).is_ok();
        json!({
            "version": card.version,
            "trained_at": card.trained_at,
            "data_size": card.data_size,
            "metric": card.metric,
            "extra": card.extra,
            "bytes": bytes,
            "checksum": card.checksum,
            "serving": serving.as_ref() == Some(&card.version),
            "good": good,
        })
    };
    Ok(shelf.history(kind)?.into_iter().map(row).collect())
}

fn is_good(shelf: &Shelf, card: &Card) -> Result<()> {
    let path = shelf.path(card);
    let header = ModelFile::inspect(&path)?;
    if header.kind == card.kind.name() {
        Ok(())
    } else {
        Err(Error::corrupt(&path, format!("holds a {} model", header.kind)))
    }
}

/// Whether the model that serves is sound, with the keys of `ModelLoader::check()`: every file of its version is read through and
/// its checksum held against what is inside; then the model is opened, which looks at the
/// shapes. `None` without a model.
pub fn check(shelf: &Shelf, kind: Kind) -> Result<Option<Value>> {
    let Some(card) = shelf.current(kind)? else { return Ok(None) };
    let main = shelf.path(&card);
    let mut files: Vec<Value> = Vec::new();
    for path in shelf.files(&card) {
        let found = ModelFile::inspect(&path).map(|_| ());
        let found = if path == main { found.and_then(|()| is_good(shelf, &card)) } else { found };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::metadata(&path).map_or(0, |data| data.len());
        let error = found.err().map(|error| error.to_string());
        files.push(json!({ "file": name, "bytes": bytes, "good": error.is_none(), "error": error }));
    }
    let opened = crate::inference::models::opens(shelf, &card).err().map(|error| error.to_string());
    let all_good = files.iter().all(|file| file.get("good") == Some(&json!(true)));
    Ok(Some(json!({
        "type": kind,
        "version": card.version,
        "good": opened.is_none() && all_good && !files.is_empty(),
        "error": opened,
        "files": files,
    })))
}

/// Makes a kept version serve again. Its file is checked first; ledger and audit are written before the shelf is touched,
/// so a database that is down changes nothing.
pub fn roll_back(shelf: &Shelf, database: &Database, kind: Kind, version: &str, by: &By) -> Result<ModelRow> {
    let card = shelf.history(kind)?.into_iter().find(|card| card.version == version);
    let card = card.ok_or_else(|| Error::NotFound { what: "model version", id: version.to_owned() })?;
    is_good(shelf, &card)?;
    let before = shelf.current(kind).unwrap_or(None).map(|card| card.version);
    ledger::record(database, &card)?;
    let detail = json!({ "from": before, "to": card.version });
    database
        .connection()?
        .exec_drop(
            "INSERT INTO meschain_ai_audit (action, model_type, user_id, user_name, detail) \
             VALUES ('rolled_back', ?, ?, ?, ?)",
            (kind.name(), by.user_id, by.user_name.chars().take(64).collect::<String>(), detail.to_string()),
        )
        .map_err(fault)?;
    distribution::publish(shelf, database, &card)?;
    shelf.publish(&card)?;
    Ok(ModelRow::new(kind, Some(card), None))
}

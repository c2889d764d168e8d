//! What a worker does for the models of its node between jobs: follow the fleet, look whether files are sound, queue what is due.

use super::alerts::{self, Alert};
use super::schedule;
use crate::model_file::ModelFile;
use crate::registry::{Kind, Shelf, distribution};
use jiff::Timestamp;
use meschain_base::{Error, Result};
use meschain_shop::Database;
use serde_json::json;

/// One round. What fails for one model does not keep the others from their turn; returns the jobs queued.
pub fn tend(shelf: &Shelf, database: &Database, timezone: &str, now: Timestamp) -> Result<u32> {
    for kind in Kind::ALL {
        if let Err(error @ Error::Corrupt { .. }) = distribution::follow(shelf, database, kind) {
            let what = "A model of another node was refused";
            let _ = tell(database, kind, "fetch", what, &error);
        }
        match shelf.current(kind) {
            Ok(None) => {}
            Ok(Some(card)) => match ModelFile::inspect(&shelf.path(&card)) {
                Ok(_) => alerts::resolve(database, &key(kind, "file"))?,
                Err(error) => tell(database, kind, "file", "The current model file is damaged", &error)?,
            },
            Err(error) => tell(database, kind, "file", "The current model file is damaged", &error)?,
        }
    }
    schedule::tick(shelf, database, timezone, now)
}

fn key(kind: Kind, what: &str) -> String {
    format!("ai:{what}:{}", kind.name())
}

fn tell(database: &Database, kind: Kind, what: &str, title: &str, error: &Error) -> Result<()> {
    let title = format!("{}: {title}", kind.title());
    let message =
        format!("The last good version serves as far as there is one. Train again or roll back. {error}");
    let data = json!({ "model_type": kind.name() });
    alerts::raise(
        database,
        &Alert { key: &key(kind, what), severity: "high", title: &title, message: &message, data },
    )
}

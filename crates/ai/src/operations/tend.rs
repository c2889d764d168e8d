//! What a worker does for the models of its node between jobs: follow the fleet, look whether files are sound, queue what is due.

use super::alerts::{self, Alert};
use super::refusal::{Refusal, refusal};
use super::schedule;
use crate::registry::{Kind, Shelf, distribution};
use jiff::Timestamp;
use meschain_base::{Error, Result};
use meschain_shop::Database;
use serde_json::json;

/// One round. What fails for one model does not keep the others from their turn; returns the jobs queued.
pub fn tend(shelf: &Shelf, database: &Database, timezone: &str, now: Timestamp) -> Result<u32> {
    let mut refused = Vec::new();
    for kind in Kind::ALL {
        if let Err(error @ Error::Corrupt { .. }) = distribution::follow(shelf, database, kind) {
            let what = "A model of another node was refused";
            let _ = tell(database, kind, "fetch", what, &error.to_string());
        }
        match sound(shelf, database, kind) {
            None => alerts::resolve(database, &key(kind, "file"))?,
            Some(why) => {
                let (title, detail) = words(&why);
                tell(database, kind, "file", title, &detail)?;
                if why.calls_for_training() {
                    refused.push(kind);
                }
            }
        }
    }
    schedule::tick(shelf, database, timezone, now, &refused)
}

/// What is wrong with the files of a kind, after what is damaged was fetched again where the fleet has it whole.
fn sound(shelf: &Shelf, database: &Database, kind: Kind) -> Option<Refusal> {
    let why = refusal(shelf, kind)?;
    let damaged = matches!(why, Refusal::Damaged(_));
    if damaged && distribution::restore(shelf, database, kind).unwrap_or(false) {
        return refusal(shelf, kind);
    }
    Some(why)
}

fn words(why: &Refusal) -> (&'static str, String) {
    match why {
        Refusal::Damaged(error) => ("The current model file is damaged", error.to_string()),
        Refusal::Older(format) => {
            ("The current model file is of an older version", format!("Its format is {format}."))
        }
        Refusal::Newer(format) => (
            "The current model file is of a newer version: upgrade this node",
            format!("Its format is {format}."),
        ),
    }
}

fn key(kind: Kind, what: &str) -> String {
    format!("ai:{what}:{}", kind.name())
}

fn tell(database: &Database, kind: Kind, what: &str, title: &str, detail: &str) -> Result<()> {
    let title = format!("{}: {title}", kind.title());
    let message =
        format!("The last good version serves as far as there is one. Train again or roll back. {detail}");
    let data = json!({ "model_type": kind.name() });
    alerts::raise(
        database,
        &Alert { key: &key(kind, what), severity: "high", title: &title, message: &message, data },
    )
}

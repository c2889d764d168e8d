//! Models on other nodes: files by content hash in the shop's database, fetched once by each node's worker, verified before they
//! are shelved. `meschain_ai_serving` says what serves in the whole fleet.

use super::{Card, Kind, Shelf};
use meschain_base::{Error, Result, atomic_file};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{PooledConn, Row};
use meschain_shop::{Database, fault, rows};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Bytes of a chunk at most; well below the smallest packet that servers take by default.
const CHUNK: usize = 512 * 1024;

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    /// Its name on the shelf.
    name: String,
    /// BLAKE3 of its bytes, hexadecimal.
    checksum: String,
    bytes: u64,
}

/// Stores the files of a version and makes it the one that serves in the fleet. A file that is there already is not stored again.
pub fn publish(shelf: &Shelf, database: &Database, card: &Card) -> Result<()> {
    let database = database.patient();
    let mut connection = database.connection()?;
    let mut files = Vec::new();
    for path in shelf.files(card) {
        let bytes = fs::read(&path).map_err(Error::io(&path, "read"))?;
        let checksum = blake3::hash(&bytes).to_hex().to_string();
        store(&mut connection, &checksum, &bytes)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(Stored { name, checksum, bytes: bytes.len() as u64 });
    }
    let sql = "INSERT INTO meschain_ai_serving (model_type, model_version, card, files, published_at) \
               VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE model_version = VALUES(model_version), \
               card = VALUES(card), files = VALUES(files), published_at = VALUES(published_at)";
    let values = (card.kind.name(), &card.version, text(card)?, text(&files)?);
    connection.exec_drop(sql, values).map_err(fault)?;
    sweep(&mut connection)
}

/// The rows of the file and its chunks, then the flag that says that all are there.
fn store(connection: &mut PooledConn, checksum: &str, bytes: &[u8]) -> Result<()> {
    let sql = "SELECT is_complete FROM meschain_ai_model_files WHERE checksum = ?";
    if rows::first::<i8>(connection, sql, (checksum,))? == Some(1) {
        return Ok(());
    }
    let chunks = bytes.len().div_ceil(CHUNK);
    let sql = "INSERT INTO meschain_ai_model_files (checksum, bytes, chunks) VALUES (?, ?, ?) \
               ON DUPLICATE KEY UPDATE bytes = VALUES(bytes), chunks = VALUES(chunks)";
    connection.exec_drop(sql, (checksum, bytes.len(), chunks)).map_err(fault)?;
    for (number, chunk) in bytes.chunks(CHUNK).enumerate() {
        let sql = "REPLACE INTO meschain_ai_model_chunks (checksum, chunk, content) VALUES (?, ?, ?)";
        connection.exec_drop(sql, (checksum, number, chunk)).map_err(fault)?;
    }
    let sql = "UPDATE meschain_ai_model_files SET is_complete = 1 WHERE checksum = ?";
    connection.exec_drop(sql, (checksum,)).map_err(fault)
}

/// Removes files that no serving model names. A young one may be on its way in.
fn sweep(connection: &mut PooledConn) -> Result<()> {
    let named: Vec<String> =
        rows::all(connection, "SELECT CAST(files AS CHAR) FROM meschain_ai_serving", ())?;
    let named: Vec<String> = named
        .iter()
        .filter_map(|files| serde_json::from_str::<Vec<Stored>>(files).ok())
        .flat_map(|files| files.into_iter().map(|file| file.checksum))
        .collect();
    let sql =
        "SELECT checksum FROM meschain_ai_model_files WHERE created_at < CURRENT_TIMESTAMP - INTERVAL 1 HOUR";
    let old: Vec<String> = rows::all(connection, sql, ())?;
    for checksum in old.iter().filter(|checksum| !named.contains(checksum)) {
        let sql = "DELETE FROM meschain_ai_model_files WHERE checksum = ?";
        connection.exec_drop(sql, (checksum,)).map_err(fault)?;
    }
    Ok(())
}

/// Brings one kind on this node's shelf to what serves in the fleet; true when something was fetched. A model that the fleet does
/// not know yet is stored from here. A file that does not verify is refused and the shelf stays as it is.
pub fn follow(shelf: &Shelf, database: &Database, kind: Kind) -> Result<bool> {
    let here = shelf.current(kind).unwrap_or(None);
    let mut connection = database.connection()?;
    let Some((card, files)) = serving(&mut connection, kind)? else {
        return here.map_or(Ok(()), |card| publish(shelf, database, &card)).map(|()| false);
    };
    if here.is_some_and(|here| here.version == card.version) {
        return Ok(false);
    }
    bring(shelf, &mut connection, kind, &card, &files)
}

/// Fetches again what is damaged here of the version that serves here and in the fleet; true when it was put back.
pub fn restore(shelf: &Shelf, database: &Database, kind: Kind) -> Result<bool> {
    let here = shelf.current(kind).unwrap_or(None);
    let mut connection = database.connection()?;
    match serving(&mut connection, kind)? {
        Some((card, files)) if here.is_some_and(|here| here.version == card.version) => {
            bring(shelf, &mut connection, kind, &card, &files)
        }
        _ => Ok(false),
    }
}

/// What serves in the fleet.
fn serving(connection: &mut PooledConn, kind: Kind) -> Result<Option<(Card, Vec<Stored>)>> {
    let sql = "SELECT CAST(card AS CHAR) AS card, CAST(files AS CHAR) AS files FROM meschain_ai_serving \
               WHERE model_type = ?";
    let Some(mut row) = rows::first::<Row>(connection, sql, (kind.name(),))? else { return Ok(None) };
    let card = parsed(&rows::take::<String>(&mut row, "card")?)?;
    Ok(Some((card, parsed(&rows::take::<String>(&mut row, "files")?)?)))
}

/// Puts the files that are not whole here on the shelf, and makes their version serve. Not while this node trains the kind.
fn bring(
    shelf: &Shelf,
    connection: &mut PooledConn,
    kind: Kind,
    card: &Card,
    files: &[Stored],
) -> Result<bool> {
    if card.kind != kind || shelf.is_training(kind) {
        return Ok(false);
    }
    for file in files {
        let path = shelf.place(card, &file.name)?;
        if !is_whole(&path, file) {
            fetch(connection, file, &path)?;
        }
    }
    shelf.publish(card)?;
    Ok(true)
}

fn is_whole(path: &Path, file: &Stored) -> bool {
    fs::read(path).is_ok_and(|bytes| blake3::hash(&bytes).to_hex().as_str() == file.checksum)
}

fn fetch(connection: &mut PooledConn, file: &Stored, path: &Path) -> Result<()> {
    let sql = "SELECT chunks FROM meschain_ai_model_files WHERE checksum = ? AND is_complete = 1";
    let chunks: Option<u32> = rows::first(connection, sql, (&file.checksum,))?;
    let chunks = chunks.ok_or_else(|| Error::NotFound { what: "model file", id: file.checksum.clone() })?;
    atomic_file::write(path, |out| {
        let mut hasher = blake3::Hasher::new();
        for chunk in 0..chunks {
            let sql = "SELECT content FROM meschain_ai_model_chunks WHERE checksum = ? AND chunk = ?";
            let content: Option<Vec<u8>> = rows::first(connection, sql, (&file.checksum, chunk))?;
            let content = content.ok_or_else(|| Error::corrupt(path, format!("chunk {chunk} is missing")))?;
            hasher.update(&content);
            out.write_all(&content).map_err(Error::io(path, "write"))?;
        }
        if hasher.finalize().to_hex().as_str() == file.checksum {
            Ok(())
        } else {
            Err(Error::corrupt(path, "the chunks in the database do not give the file they name"))
        }
    })
}

fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal("a model card", error.to_string()))
}

fn parsed<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::internal("meschain_ai_serving", error.to_string()))
}

#[cfg(test)]
mod tests;

//! Makes a new file out of the shop and, where the shop did not change, out of the file before. One transaction, so that
//! orders and lines belong together; one pass, so that memory stays bounded.

use super::catalogue::LineIds;
use super::derive;
use super::dictionaries::Dictionaries;
use super::file;
use super::fingerprint::Fingerprints;
use super::id_set::IdSet;
use super::meta::Meta;
use super::plan::{self, Segment};
use super::read::{IdRange, Reader};
use super::sales;
use super::schema::BucketWriter;
use super::snapshot::Snapshot;
use super::spool::Columns;
use super::store::Depth;
use super::wall::WallClock;
use crate::database::{Database, fault};
use jiff::Timestamp;
use meschain_base::{Progress, Result};
use mysql::prelude::Queryable;
use std::fs;
use std::path::{Path, PathBuf};

/// Orders changed this long before the newest change are looked at again: clocks of several writers differ.
const OVERLAP_SECONDS: i64 = 600;

/// More runs of touched buckets than this, and all are fingerprinted at once.
const MANY_RUNS: usize = 64;

/// What to build.
pub(super) struct Job<'a> {
    pub(super) database: &'a Database,
    pub(super) previous: Option<&'a Snapshot>,
    pub(super) rebuild: bool,
    pub(super) depth: Depth,
    pub(super) now: Timestamp,
    pub(super) progress: &'a Progress,
    /// An empty folder.
    pub(super) folder: &'a Path,
}

/// What came of it.
pub(super) struct Built {
    /// The new file, complete and synced; none when nothing changed.
    pub(super) file: Option<PathBuf>,
    /// Whether everything was read.
    pub(super) rebuilt: bool,
    pub(super) orders_read: u64,
    pub(super) orders_removed: u64,
}

/// Reads the shop and writes a file in the job's folder.
pub(super) fn build(job: &Job<'_>) -> Result<Built> {
    let patient = job.database.patient();
    let mut connection = patient.connection()?;
    connection.query_drop("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").map_err(fault)?;
    connection.query_drop("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").map_err(fault)?;
    let clock = WallClock::new("UTC");
    let mut reader = Reader {
        database: &patient,
        connection,
        progress: job.progress,
        origins: false,
        choices: false,
        clock,
    };
    reader.origins = reader.has_table("meschain_order_origin")?;
    reader.choices = reader.has_table(&format!("{}order_option", patient.prefix()))?;
    let dictionaries = reader.dictionaries()?;
    reader.clock = dictionaries.wall_clock();
    let (segments, dirty) = plan(job, &mut reader, &dictionaries)?;
    if let Some(previous) = job.previous.filter(|_| dirty.as_ref().is_some_and(Vec::is_empty)) {
        let (catalogue, ..) = catalogue(job, &mut reader, &dictionaries, previous_ids(previous), "same")?;
        let hashes = catalogue.hashes();
        let same = hashes.iter().all(|(name, hash)| previous.meta().hashes.get(name) == Some(hash));
        if same && previous.dictionaries() == &dictionaries {
            return Ok(Built { file: None, rebuilt: false, orders_read: 0, orders_removed: 0 });
        }
    }
    let folder = subfolder(job.folder, "new")?;
    let scratch = subfolder(job.folder, "scratch")?;
    let mut columns = Columns::new(&folder);
    let (orders_read, read) = sales::write(&mut reader, &segments, job.previous, &mut columns, &scratch)?;
    let ids = Ids {
        products: columns.get("lines.product_id")?,
        lines: columns.get("lines.order_product_id")?,
        customers: columns.get("orders.customer_id")?,
    };
    let (catalogue, products, customers) = catalogue(job, &mut reader, &dictionaries, ids, "catalogue")?;
    columns.absorb(catalogue);
    drop(reader);
    job.progress.stage("assemble", 2)?;
    derive::derive(&mut columns, products, customers)?;
    buckets(&mut columns, job.previous, dirty.as_deref(), read)?;
    job.progress.advance(1)?;
    let orders_removed = removed(job.previous, columns.get("orders.order_id")?);
    let meta = meta(job, &columns, dictionaries)?;
    let path = job.folder.join("columns.safetensors");
    file::write(&path, &columns, &meta)?;
    Snapshot::open(&path)?.verify()?;
    job.progress.advance(1)?;
    Ok(Built { file: Some(path), rebuilt: dirty.is_none(), orders_read, orders_removed })
}

/// Segments of the new file, and the buckets to read again (`None`: all).
fn plan(
    job: &Job<'_>,
    reader: &mut Reader<'_>,
    dictionaries: &Dictionaries,
) -> Result<(Vec<Segment>, Option<Vec<u32>>)> {
    let everything = || (vec![Segment::Read(IdRange::ALL)], None);
    // In another zone the same dates are other instants.
    let same_zone = |previous: &&Snapshot| previous.dictionaries().zone() == dictionaries.zone();
    let Some(previous) = job.previous.filter(|_| !job.rebuild).filter(same_zone) else {
        return Ok(everything());
    };
    let stored = plan::stored(previous);
    let dirty = match job.depth {
        Depth::Fingerprints => stored.differing(&reader.fingerprints(&[IdRange::ALL])?),
        Depth::Watermark => {
            let modified = previous.meta().modified.saturating_sub(OVERLAP_SECONDS);
            let touched = reader.touched(previous.watermark(), modified)?;
            let ranges = IdRange::of_buckets(&touched);
            let ranges = if ranges.len() > MANY_RUNS { vec![IdRange::ALL] } else { ranges };
            stored.only(&touched).differing(&reader.fingerprints(&ranges)?.only(&touched))
        }
    };
    if dirty.len() > 16 && dirty.len() * 2 > stored.rows().count() {
        return Ok(everything());
    }
    Ok((plan::segments(previous.orders().order_id, &dirty), Some(dirty)))
}

/// Ids that orders and lines mention.
struct Ids<'a> {
    products: &'a [u32],
    lines: &'a [u32],
    customers: &'a [u32],
}

fn previous_ids(previous: &Snapshot) -> Ids<'_> {
    let (lines, orders) = (previous.lines(), previous.orders());
    Ids { products: lines.product_id, lines: lines.order_product_id, customers: orders.customer_id }
}

/// Reads everything that is not a sale. Returns the columns and the ids of products and customers.
fn catalogue(
    job: &Job<'_>,
    reader: &mut Reader<'_>,
    dictionaries: &Dictionaries,
    ids: Ids<'_>,
    folder: &str,
) -> Result<(Columns, IdSet, IdSet)> {
    job.progress.stage("catalogue", 0)?;
    let mut columns = Columns::new(&subfolder(job.folder, folder)?);
    let today = reader.clock.day(job.now);
    let lines = LineIds { product_id: ids.products, order_product_id: ids.lines };
    let products = reader.products(&mut columns, &lines, dictionaries.default_language_id, today)?;
    let customers = reader.customers(&mut columns, ids.customers)?;
    reader.returns(&mut columns)?;
    reader.manufacturers(&mut columns)?;
    reader.stock_outs(&mut columns)?;
    reader.offers(&mut columns)?;
    reader.specials(&mut columns)?;
    reader.prices(&mut columns)?;
    reader.stores(&mut columns)?;
    Ok((columns, products, customers))
}

/// Fingerprints of the new file: of what was read, and of what was copied.
fn buckets(
    columns: &mut Columns,
    previous: Option<&Snapshot>,
    dirty: Option<&[u32]>,
    read: Fingerprints,
) -> Result<()> {
    let mut prints = match (previous, dirty) {
        (Some(previous), Some(_)) => plan::stored(previous),
        _ => Fingerprints::default(),
    };
    prints.replace(dirty.unwrap_or_default(), read);
    let mut writer = BucketWriter::create(columns)?;
    prints.rows().try_for_each(|row| writer.push(*row))?;
    writer.finish(columns)
}

/// Orders of the file before that the new one lacks. Both ascend.
fn removed(previous: Option<&Snapshot>, order_ids: &[u32]) -> u64 {
    let Some(previous) = previous else { return 0 };
    let mut new = order_ids.iter().peekable();
    let gone = previous.orders().order_id.iter().filter(|id| {
        while new.next_if(|new| new < id).is_some() {}
        new.peek() != Some(id)
    });
    gone.count() as u64
}

fn meta(job: &Job<'_>, columns: &Columns, dictionaries: Dictionaries) -> Result<Meta> {
    Ok(Meta {
        built_at: job.now,
        watermark: columns.get::<u32>("orders.order_id")?.last().copied().unwrap_or(0),
        modified: columns
            .get::<i64>("orders.date_modified")?
            .iter()
            .copied()
            .max()
            .unwrap_or(0)
            .clamp(0, job.now.as_second().max(0)),
        dictionaries,
        hashes: columns.hashes(),
    })
}

fn subfolder(folder: &Path, name: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    fs::create_dir(&path).map_err(meschain_base::Error::io(&path, "create the folder"))?;
    Ok(path)
}

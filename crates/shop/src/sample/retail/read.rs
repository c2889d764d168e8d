//! Reads the CSV into compact rows. Codes, customers, invoices and countries are kept once; a row takes 48 bytes, so the
//! half million rows of the public file take 25 MB.

use flate2::read::MultiGzDecoder;
use jiff::civil::DateTime;
use meschain_base::{Error, Money, Progress, Result};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

const COLUMNS: [&str; 8] = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
];
/// Rows at most, so that a wrong file cannot fill the memory (about 1 GB).
const MOST_ROWS: usize = 20_000_000;

/// One row of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Index into [`Source::invoices`].
    pub invoice: u32,
    /// Index into [`Source::codes`].
    pub code: u32,
    pub quantity: i32,
    pub price: Money,
    pub at: DateTime,
    /// 0 when missing.
    pub customer: u32,
    /// Index into [`Source::countries`].
    pub country: u16,
}

/// The file, taken apart.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub rows: Vec<Row>,
    pub invoices: Vec<String>,
    /// Stock codes in upper case.
    pub codes: Vec<String>,
    /// By code: descriptions and how often each was seen on rows with a price.
    pub descriptions: Vec<BTreeMap<String, u32>>,
    pub countries: Vec<String>,
    /// Rows that could not be read, and the line of the first.
    pub unreadable: u64,
    pub first_unreadable_line: Option<u64>,
    /// Rows that repeat an earlier one in every column.
    pub duplicates: u64,
    /// Rows whose stock code was not in upper case.
    pub folded_codes: u64,
    seen: HashSet<u64>,
    by_invoice: HashMap<String, u32>,
    by_code: HashMap<String, u32>,
    by_country: HashMap<String, u32>,
}

/// Reads a `.csv` or gzipped file; which of both is told by its first bytes.
pub(super) fn read(path: &Path, progress: &Progress) -> Result<Source> {
    let mut file = File::open(path).map_err(Error::io(path, "open"))?;
    let mut magic = [0; 2];
    let head = file.read(&mut magic).map_err(Error::io(path, "read"))?;
    file.seek(SeekFrom::Start(0)).map_err(Error::io(path, "read"))?;
    let plain: Box<dyn Read> = if head == 2 && magic == [0x1f, 0x8b] {
        Box::new(MultiGzDecoder::new(BufReader::new(file)))
    } else {
        Box::new(file)
    };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::with_capacity(1 << 18, plain));
    let headers = reader.byte_headers().map_err(|error| broken(path, &error))?;
    let place = |name: &str| headers.iter().position(|header| header.trim_ascii() == name.as_bytes());
    let places: Option<Vec<usize>> = COLUMNS.iter().map(|name| place(name)).collect();
    let places = places.ok_or_else(|| {
        let given: Vec<_> =
            headers.iter().map(|header| String::from_utf8_lossy(header).into_owned()).collect();
        Error::argument("file", format!("a CSV with the columns {}", COLUMNS.join(", ")), given.join(", "))
    })?;
    let mut source = Source::default();
    let mut record = csv::ByteRecord::new();
    progress.stage("read", 0)?;
    while reader.read_byte_record(&mut record).map_err(|error| broken(path, &error))? {
        let line = record.position().map_or(0, csv::Position::line);
        if source.take(&record, &places).is_none() {
            source.unreadable += 1;
            source.first_unreadable_line.get_or_insert(line);
        }
        if source.rows.len() > MOST_ROWS {
            return Err(Error::Limit {
                what: "rows",
                limit: MOST_ROWS as u64,
                found: source.rows.len() as u64,
            });
        }
        if source.rows.len().is_multiple_of(10_000) {
            progress.advance(10_000)?;
        }
    }
    source.seen = HashSet::new();
    Ok(source)
}

fn broken(path: &Path, error: &csv::Error) -> Error {
    Error::corrupt(path, error.to_string())
}

impl Source {
    fn take(&mut self, record: &csv::ByteRecord, places: &[usize]) -> Option<()> {
        let mut fields = places.iter().map(|place| record.get(*place).unwrap_or_default().trim_ascii());
        let mut text = || std::str::from_utf8(fields.next()?).ok();
        let (invoice, code, description) = (text()?, text()?, text()?);
        let (quantity, at, price) = (whole(text()?)?, moment(text()?)?, Money::parse(text()?.as_bytes())?);
        let (customer, country) = (text()?, text()?);
        let customer = if customer.is_empty() { 0 } else { u32::try_from(whole(customer)?).ok()? };
        if invoice.is_empty() || code.is_empty() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        (invoice, code, description, quantity, at, price, customer, country).hash(&mut hasher);
        self.duplicates += u64::from(!self.seen.insert(hasher.finish()));
        let upper = code.to_uppercase();
        self.folded_codes += u64::from(upper != code);
        let code = index(&mut self.by_code, &mut self.codes, &upper)?;
        if self.descriptions.len() < self.codes.len() {
            self.descriptions.push(BTreeMap::new());
        }
        let names = self.descriptions.get_mut(code as usize)?;
        if !description.is_empty() && price > Money::ZERO {
            *names.entry(description.to_owned()).or_default() += 1;
        }
        let invoice = index(&mut self.by_invoice, &mut self.invoices, invoice)?;
        let country = u16::try_from(index(&mut self.by_country, &mut self.countries, country)?).ok()?;
        self.rows.push(Row { invoice, code, quantity, price, at, customer, country });
        Some(())
    }

    /// The most frequent description of a code; of equally frequent ones the first in the alphabet.
    pub fn name(&self, code: usize) -> String {
        let names = self.descriptions.get(code).into_iter().flatten();
        let best = names.max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        best.map_or_else(
            || format!("Product {}", self.codes.get(code).map_or("", String::as_str)),
            |(name, _)| name.clone(),
        )
    }
}

fn index(by_text: &mut HashMap<String, u32>, texts: &mut Vec<String>, text: &str) -> Option<u32> {
    if let Some(index) = by_text.get(text) {
        return Some(*index);
    }
    let index = u32::try_from(texts.len()).ok()?;
    by_text.insert(text.to_owned(), index);
    texts.push(text.to_owned());
    Some(index)
}

/// A whole number that may be written `6.0`; `None` for anything else.
fn whole(text: &str) -> Option<i32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    fraction.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok())?
}

/// `2010-12-01 08:26:00`, or `12/1/2010 8:26` as the first publication of the data has it.
fn moment(text: &str) -> Option<DateTime> {
    if text.contains('-') {
        return DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok();
    }
    DateTime::strptime("%m/%d/%Y %H:%M", text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_numbers_and_times_as_they_are_written() {
        assert_eq!(
            [whole("6.0"), whole("-12"), whole("1.5"), whole("x"), whole("")],
            [Some(6), Some(-12), None, None, None]
        );
        assert_eq!(moment("2010-12-01 08:26:00"), Some(date(2010, 12, 1).at(8, 26, 0, 0)));
        assert_eq!(moment("12/1/2010 8:26"), Some(date(2010, 12, 1).at(8, 26, 0, 0)));
        assert_eq!(moment("yesterday"), None);
    }
}

//! The prediction log: a sample of what the models answered, kept in memory that the processes of this machine share and written to
//! `meschain_ai_predictions` in batches by a worker. Nothing on the calling path touches the database: whether an answer is kept is
//! one word of that memory, which a worker and whoever saves the settings keep up to date.

mod drain;
mod row;
mod summary;

pub use drain::Drained;

use super::Models;
use super::demand::{DemandQuery, name_of};
use super::related::Ask;
use crate::categorizer::ProductText;
use crate::registry::Kind;
use crate::settings::AiSettings;
use jiff::Timestamp;
use meschain_base::{Region, Result, Ring, Settings, atomic_file};
use meschain_shop::Database;
use row::{RECORD, Row};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

const MAGIC: u64 = 0x4d43_5052_4544_0001;
/// One more than the share of answers to keep, in millionths; 0 where it was never set.
const SHARE: usize = 1;
const RING_AT: usize = 8;
/// Answers that wait at most: 2.4 MB.
const PLACES: usize = 4_096;
const WORDS: usize = RING_AT + Ring::words(PLACES, RECORD);
/// Letters of a name that are kept.
const NAME: usize = 36;
const MILLION: f64 = 1e6;
/// 2^64 over the golden ratio: its multiples fall evenly over all numbers.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The log of this machine. Opens nothing before its first use; without a data folder there are no models and it stays empty.
pub struct PredictionLog {
    folder: Option<PathBuf>,
    region: OnceLock<Option<Region>>,
    asked: AtomicU64,
}

/// What was asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which model.
    pub kind: Kind,
    /// About which product.
    pub product_id: Option<u32>,
    /// For which marketplace.
    pub marketplace_id: Option<u32>,
    /// What else it was given, small.
    pub input: Value,
}

impl Question {
    /// One about a product.
    pub fn of(kind: Kind, product_id: u32) -> Self {
        Self { kind, product_id: Some(product_id), marketplace_id: None, input: json!({}) }
    }

    /// The category of a product that may not be in the catalogue.
    pub fn of_text(product: Option<&ProductText>) -> Self {
        let name: String = product.map_or("", |product| &product.name).chars().take(NAME).collect();
        Self {
            kind: Kind::Categorization,
            product_id: None,
            marketplace_id: None,
            input: json!({ "name": name }),
        }
    }

    /// A price at a marketplace, perhaps against another than today's.
    pub fn of_price(product_id: u32, marketplace_id: u32, price: Option<f64>) -> Self {
        let input = price.map_or_else(|| json!({}), |price| json!({ "current_price": price }));
        Self { marketplace_id: Some(marketplace_id), input, ..Self::of(Kind::Pricing, product_id) }
    }

    /// A forecast.
    pub fn of_forecast(product_id: u32, query: &DemandQuery) -> Self {
        let input = json!({ "horizon": query.horizon, "granularity": name_of(query.granularity) });
        Self { marketplace_id: query.marketplace_id, input, ..Self::of(Kind::Forecasting, product_id) }
    }

    /// Recommendations.
    pub fn of_related(ask: &Ask<'_>) -> Self {
        let some = |products: &[u32]| products.iter().copied().take(NAME / 4).collect::<Vec<_>>();
        let (product_id, input) = match ask {
            Ask::Similar(product) => (Some(*product), json!({})),
            Ask::Customer(customer) => (None, json!({ "customer_id": customer })),
            Ask::Together(products) => (None, json!({ "together": some(products) })),
            Ask::Basket(products) => (None, json!({ "basket": some(products) })),
            Ask::Trending => (None, json!({ "trending": true })),
        };
        Self { kind: Kind::Recommendation, product_id, marketplace_id: None, input }
    }
}

impl PredictionLog {
    /// The shop's log under the data folder.
    pub fn new(settings: &Settings) -> Self {
        let folder = meschain_shop::folder(settings, "ai").ok();
        // Processes that start together do not sample together.
        let first = u64::from(std::process::id()).wrapping_mul(GOLDEN) >> 32;
        Self { folder, region: OnceLock::new(), asked: AtomicU64::new(first) }
    }

    /// A folder that cannot be used leaves the log empty; it never fails an answer.
    fn region(&self) -> Option<&Region> {
        let open = || Region::open(&self.folder.as_ref()?.join("predictions-1"), WORDS, &[MAGIC]).ok();
        self.region.get_or_init(open).as_ref()
    }

    fn ring(region: &Region) -> Ring<'_> {
        Ring::new(region.words().get(RING_AT..).unwrap_or_default(), PLACES, RECORD)
    }

    /// Keeps this share of the answers of all processes of this machine from now on.
    pub fn set_share(&self, share: f64) {
        if let Some(region) = self.region() {
            region.word(SHARE).store((share.clamp(0.0, 1.0) * MILLION) as u64 + 1, Relaxed);
        }
    }

    fn is_sampled(&self) -> bool {
        let Some(region) = self.region() else { return false };
        let share = match region.word(SHARE).load(Relaxed) {
            0 => AiSettings::default().prediction_log_sample,
            set => (set - 1) as f64 / MILLION,
        };
        let draw = self.asked.fetch_add(1, Relaxed).wrapping_mul(GOLDEN) >> 11;
        (draw as f64) < share * (1_u64 << 53) as f64
    }

    /// Asks, and keeps the answer when it is one of the sample.
    pub fn answered(
        &self,
        models: &Models,
        now: Timestamp,
        question: impl FnOnce() -> Question,
        ask: impl FnOnce() -> Result<Value>,
    ) -> Result<Value> {
        if !self.is_sampled() {
            return ask();
        }
        let started = Instant::now();
        let answer = ask()?;
        self.keep(models, now, &question(), &answer, Some(started.elapsed()));
        Ok(answer)
    }

    /// Asks about `count` things, answered by a list; each answer is sampled for itself, with its share of the time.
    pub fn answered_all(
        &self,
        models: &Models,
        now: Timestamp,
        count: usize,
        question: impl Fn(usize) -> Question,
        ask: impl FnOnce() -> Result<Value>,
    ) -> Result<Value> {
        let picked: Vec<usize> = (0..count).filter(|_| self.is_sampled()).collect();
        if picked.is_empty() {
            return ask();
        }
        let started = Instant::now();
        let answer = ask()?;
        let each = started.elapsed() / u32::try_from(count).unwrap_or(u32::MAX).max(1);
        for at in picked {
            if let Some(one) = answer.get(at) {
                self.keep(models, now, &question(at), one, Some(each));
            }
        }
        Ok(answer)
    }

    /// Asks for the page of a product; the four parts of a sampled one are kept, without a time of their own.
    pub fn answered_page(
        &self,
        models: &Models,
        now: Timestamp,
        (product_id, marketplace_id): (u32, u32),
        ask: impl FnOnce() -> Result<Value>,
    ) -> Result<Value> {
        let sampled = self.is_sampled();
        let answer = ask()?;
        if sampled {
            for kind in Kind::ALL {
                let marketplace_id = (kind == Kind::Pricing).then_some(marketplace_id);
                let question = Question { marketplace_id, ..Question::of(kind, product_id) };
                if let Some(part) = answer.get(summary::page_key(kind)) {
                    self.keep(models, now, &question, part, None);
                }
            }
        }
        Ok(answer)
    }

    /// What no model answered is no prediction.
    fn keep(
        &self,
        models: &Models,
        now: Timestamp,
        question: &Question,
        answer: &Value,
        took: Option<Duration>,
    ) {
        let (Some(region), Some(version)) = (self.region(), models.version(question.kind)) else { return };
        let Some(summary) = summary::of(question.kind, answer) else { return };
        let row = Row {
            at_ms: u64::try_from(now.as_millisecond()).unwrap_or(0),
            kind: question.kind,
            version,
            product_id: question.product_id,
            marketplace_id: question.marketplace_id,
            confidence: summary.confidence,
            nanos: took.map(|took| u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)),
            input: row::fitted(&question.input, row::INPUT_BYTES),
            result: row::fitted(&summary.result, row::RESULT_BYTES),
        };
        Self::ring(region).push(row.words());
    }

    /// Answers that wait to be written.
    pub fn waiting(&self) -> u64 {
        self.region().map_or(0, |region| Self::ring(region).waiting())
    }

    /// Writes up to `most` answers to the database. One process of the machine at a time; [`meschain_base::Error::Busy`] else. What
    /// cannot be written waits, and makes room for newer answers when the memory is full.
    pub fn drain(&self, database: &Database, most: usize) -> Result<Drained> {
        let (Some(folder), Some(region)) = (&self.folder, self.region()) else {
            return Ok(Drained::default());
        };
        let _only = atomic_file::lock(&folder.join("predictions.lock"), "the prediction log")?;
        drain::drain(Self::ring(region), database, most)
    }

    /// What a worker does now and then: takes over what the settings say, deletes rows that are older than they are kept.
    pub fn tend(&self, database: &Database, now: Timestamp) -> Result<u64> {
        let settings = AiSettings::load(database)?;
        self.set_share(settings.prediction_log_sample);
        drain::prune(database, settings.prediction_log_days, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(folder: &std::path::Path) -> PredictionLog {
        PredictionLog::new(&Settings { data_dir: Some(folder.to_path_buf()), ..Settings::default() })
    }

    fn kept(log: &PredictionLog) -> usize {
        (0..10_000).filter(|_| log.is_sampled()).count()
    }

    #[test]
    fn the_share_is_kept_evenly_and_every_process_follows_it() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (log(folder.path()), log(folder.path()));
        assert!((490..=510).contains(&kept(&one)), "the default is one in twenty");
        other.set_share(0.25);
        assert!((2_480..=2_520).contains(&kept(&one)));
        other.set_share(0.0);
        assert_eq!(kept(&one), 0);
        other.set_share(1.0);
        assert_eq!(kept(&one), 10_000);
    }

    #[test]
    fn without_a_folder_nothing_is_kept_and_the_answer_comes() {
        let log = PredictionLog::new(&Settings::default());
        assert_eq!((kept(&log), log.waiting()), (0, 0));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ai"), b"in the way").unwrap();
        assert_eq!(kept(&self::log(folder.path())), 0);
    }
}

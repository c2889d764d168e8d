//! `MesChain\AI\SuggestionInbox`: see its stub.

use crate::ai::{operations, with};
use crate::engine::Engine;
use crate::options::Options;
use crate::task::Task;
use crate::{arg, call, convert, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::categorizer::PredictOptions;
use meschain_ai::settings::By;
use meschain_ai::suggestions::{
    Approval, AuditFilter, CollectOptions, Filter, Kind, Sort, Status, Store, collect,
};
use meschain_base::{Error, Progress, Result};
use serde_json::{Value, json};
use std::sync::Arc;

/// Rows of a page when the caller does not say, and at most.
const DEFAULT_LIMIT: u32 = 50;
const MOST_LIMIT: i64 = 500;
/// Proposals of a kind that one run makes.
const MOST_PROPOSALS: i64 = 10_000;
const MOST_IDS: usize = 1_000;
/// Categories that one search finds, and that the model names.
const MOST_CATEGORIES: usize = 20;
const ALTERNATIVES: usize = 5;

#[php_class]
#[php(name = "MesChain\\AI\\SuggestionInbox")]
pub struct SuggestionInbox {
    engine: Arc<Engine>,
}

impl SuggestionInbox {
    pub fn over(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    fn store(&self) -> Result<Store> {
        Ok(Store::new(&self.engine.database()?))
    }

    /// Of names and paths.
    fn language(&self) -> u32 {
        let snapshot = self.engine.snapshot_as_it_is().ok().flatten();
        snapshot.map_or(1, |snapshot| snapshot.dictionaries().default_language_id)
    }

    /// Where the model would put a product, best first. Nothing where it does not answer: the search goes without it.
    fn alternatives(&self, product_id: u32) -> Value {
        let ask = PredictOptions { confidence_threshold: 0.0, max_categories: ALTERNATIVES };
        let answer = with::advisor(&self.engine, |advisor| advisor.category(product_id, &ask));
        answer.ok().and_then(|answer| answer.get("suggestions").cloned()).unwrap_or_else(|| json!([]))
    }

    /// One decision about one suggestion.
    fn decide(
        &self,
        id: &Zval,
        by: &Zval,
        step: impl FnOnce(&Store, u64, &By) -> Result<Value>,
    ) -> PhpResult<Zval> {
        call::array(|| step(&self.store()?, number(id)?, &operations::by(Some(by))?))
    }

    /// One that says why.
    fn ended(
        &self,
        id: &Zval,
        message: &Zval,
        by: &Zval,
        step: impl FnOnce(&Store, u64, &str, &By) -> Result<Value>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let message = arg::string("message", message)?;
            step(&self.store()?, number(id)?, &message, &operations::by(Some(by))?)
        })
    }
}

/// Asks the models about the catalogue; what a worker does for the job "suggest".
pub fn suggest(engine: &Engine, request: &Value, progress: &Progress) -> Result<Value> {
    let names = request.get("kinds").and_then(Value::as_array).filter(|names| !names.is_empty());
    let kinds = match names {
        Some(names) => names
            .iter()
            .map(|name| Kind::parse("kinds", name.as_str().unwrap_or_default()))
            .collect::<Result<_>>()?,
        None => Kind::ALL.to_vec(),
    };
    let limit = request
        .get("limit")
        .and_then(Value::as_u64)
        .and_then(|limit| usize::try_from(limit).ok())
        .unwrap_or(1_000);
    let options = CollectOptions { kinds, limit };
    with::job(engine, progress, |advisor| collect(advisor, &options, progress))
}

fn request(options: Option<&Zval>) -> Result<Value> {
    let options = Options::open("options", options, &["kinds", "limit"])?;
    let kinds =
        options.read("kinds", |name, value| arg::strings(name, value, Kind::ALL.len()))?.unwrap_or_default();
    kinds.iter().try_for_each(|kind| Kind::parse("kinds", kind).map(|_| ()))?;
    let limit = options.int("limit", 1, MOST_PROPOSALS)?;
    Ok(json!({ "kinds": kinds, "limit": limit }))
}

fn number(id: &Zval) -> Result<u64> {
    arg::int_between("id", id, 1, i64::MAX).map(i64::unsigned_abs)
}

/// The revision that the caller saw, where he says.
fn seen(name: &str, revision: Option<&Zval>) -> Result<Option<u64>> {
    let given = revision.filter(|given| !given.dereference().is_null());
    let given = given.map(|given| arg::int_between(name, given, 0, u32::MAX.into())).transpose()?;
    Ok(given.map(i64::unsigned_abs))
}

fn page(options: &Options<'_>) -> Result<(u32, u32)> {
    let small =
        |number: Option<i64>, otherwise: u32| number.and_then(|n| u32::try_from(n).ok()).unwrap_or(otherwise);
    let limit = small(options.int("limit", 1, MOST_LIMIT)?, DEFAULT_LIMIT);
    let page = small(options.int("page", 1, 1_000_000)?, 1);
    Ok((page.saturating_sub(1).saturating_mul(limit), limit))
}

fn filter(value: Option<&Zval>) -> Result<Filter> {
    filter_of(&Options::open("filter", value, &["kind", "status", "search", "sort", "page", "limit"])?)
}

fn filter_of(options: &Options<'_>) -> Result<Filter> {
    let word = |key: &str| options.string(key).map(|word| word.filter(|word| !word.is_empty()));
    let (start, limit) = page(options)?;
    Ok(Filter {
        kind: word("kind")?.map(|name| Kind::parse(&options.path("kind"), &name)).transpose()?,
        status: word("status")?.map(|name| Status::parse(&options.path("status"), &name)).transpose()?,
        search: word("search")?.unwrap_or_default().chars().take(100).collect(),
        sort: word("sort")?
            .map(|name| Sort::parse(&options.path("sort"), &name))
            .transpose()?
            .unwrap_or_default(),
        start,
        limit,
    })
}

/// What is to be written instead of what was suggested: numbers, texts and lists, small.
fn replacement(value: Option<&Zval>) -> Result<Option<Value>> {
    let Some(value) = value.filter(|value| !value.dereference().is_null()) else { return Ok(None) };
    let value = convert::from_php("value", value)?;
    if value.is_object() && value.to_string().len() <= 10_000 {
        return Ok(Some(value));
    }
    Err(Error::argument("value", "a small array with keys", "something else"))
}

#[php_impl]
impl SuggestionInbox {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self::over(lifecycle::engine(settings::from_argument(settings)?))))
    }

    pub fn list(&self, filter: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let (filter, store) = (self::filter(filter)?, self.store()?);
            let mut page = store.list(&filter, self.language())?;
            if let Some(page) = page.as_object_mut() {
                page.insert("counts".to_owned(), store.counts()?);
            }
            Ok(page)
        })
    }

    pub fn selection(&self, filter: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let options = Options::open("filter", filter, &["kind", "status", "search", "sort"])?;
            self.store()?.selection(&filter_of(&options)?, self.language())
        })
    }

    pub fn categories(&self, id: &Zval, search: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let (store, search) = (self.store()?, arg::string("search", search)?);
            let search: String = search.chars().take(100).collect();
            let found = store.get(number(id)?)?;
            let product =
                found.get("product_id").and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
            Ok(json!({
                "alternatives": self.alternatives(product.unwrap_or(0)),
                "found": store.categories(&search, self.language(), MOST_CATEGORIES)?,
            }))
        })
    }

    pub fn get(&self, id: &Zval) -> PhpResult<Zval> {
        call::array(|| self.store()?.get(number(id)?))
    }

    pub fn generate(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| {
            let (request, engine) = (request(options)?, Arc::clone(&self.engine));
            engine.settings().require_data_dir()?;
            engine.settings().require_database()?;
            Task::start(move |progress| suggest(&engine, &request, progress))
        })
    }

    pub fn begin(
        &self,
        id: &Zval,
        by: &Zval,
        value: Option<&Zval>,
        revision: Option<&Zval>,
    ) -> PhpResult<Zval> {
        self.decide(id, by, |store, id, by| {
            let (value, revision) = (replacement(value)?, seen("revision", revision)?);
            let approval = Approval { value, revision, language_id: self.language() };
            store.begin(id, &approval, by)
        })
    }

    pub fn applied(&self, id: &Zval, after: Option<&Zval>, by: &Zval) -> PhpResult<Zval> {
        self.decide(id, by, |store, id, by| store.applied(id, replacement(after)?.as_ref(), by))
    }

    pub fn failed(&self, id: &Zval, message: &Zval, by: &Zval) -> PhpResult<Zval> {
        self.ended(id, message, by, Store::failed)
    }

    pub fn stale(&self, id: &Zval, message: &Zval, by: &Zval) -> PhpResult<Zval> {
        self.ended(id, message, by, Store::stale)
    }

    pub fn begin_undo(&self, id: &Zval, by: &Zval) -> PhpResult<Zval> {
        self.decide(id, by, Store::begin_undo)
    }

    pub fn undone(&self, id: &Zval, by: &Zval) -> PhpResult<Zval> {
        self.decide(id, by, Store::undone)
    }

    pub fn undo_failed(&self, id: &Zval, message: &Zval, by: &Zval) -> PhpResult<Zval> {
        self.ended(id, message, by, Store::undo_failed)
    }

    pub fn reject(
        &self,
        ids: &Zval,
        by: &Zval,
        note: Option<&Zval>,
        revisions: Option<&Zval>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let revisions = revisions.map(|given| arg::array("revisions", given)).transpose()?;
            let pair = |id: u32| {
                let given = revisions.and_then(|table| table.get_index(i64::from(id)));
                Ok((u64::from(id), seen(&format!("revisions[{id}]"), given)?))
            };
            let pairs = arg::ids("ids", ids, MOST_IDS)?.into_iter().map(pair).collect::<Result<Vec<_>>>()?;
            let note = note.map_or(Ok(String::new()), |note| arg::string("note", note))?;
            Ok(json!({ "rejected": self.store()?.reject(&pairs, &note, &operations::by(Some(by))?)? }))
        })
    }

    pub fn reopen(&self, id: &Zval, by: &Zval, revision: Option<&Zval>) -> PhpResult<Zval> {
        self.decide(id, by, |store, id, by| store.reopen(id, seen("revision", revision)?, by))
    }

    pub fn audit(&self, filter: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let options = Options::open("filter", filter, &["suggestion_id", "page", "limit"])?;
            let suggestion_id = options.int("suggestion_id", 1, i64::MAX)?.map(i64::unsigned_abs);
            let (start, limit) = page(&options)?;
            self.store()?.audit(&AuditFilter { suggestion_id, start, limit })
        })
    }
}

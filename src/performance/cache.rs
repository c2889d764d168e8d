//! `MesChain\Performance\Cache\CacheManager`: see `stubs/Performance/Cache/CacheManager.php`.

use super::cached_value::{from_bytes, to_bytes};
use super::tagged::TaggedCache;
use crate::engine::Engine;
use crate::{arg, call, lifecycle, settings};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ArrayKey, ZendCallable, ZendHashTable, Zval};
use meschain_base::{Error, Result};
use meschain_performance::cache::{CacheManager as Cache, CacheOptions, Compute, Lease};

/// Keys of one getMultiple or setMultiple call.
const MOST_KEYS: usize = 10_000;

#[php_class]
#[php(name = "MesChain\\Performance\\Cache\\CacheManager")]
pub struct CacheManager {
    cache: Cache,
}

/// Cache options from an array of them.
pub fn options_from(name: &str, value: Option<&Zval>) -> Result<CacheOptions> {
    let mut options = CacheOptions::default();
    let Some(value) = value.filter(|value| !value.dereference().is_null()) else { return Ok(options) };
    for (key, value) in arg::array(name, value)?.iter() {
        let key = arg::key_text(&key);
        options.set(&key, &arg::string(&format!("{name}[\"{key}\"]"), value)?)?;
    }
    Ok(options)
}

impl CacheManager {
    pub fn over(engine: &Engine, options: CacheOptions) -> Result<Self> {
        Ok(Self { cache: engine.cache(options)? })
    }
}

/// The cached value; bytes that do not decode are a miss.
pub fn fetch(cache: &Cache, key: &[u8]) -> Result<Option<Zval>> {
    Ok(cache.get(key)?.and_then(|found| from_bytes(found.payload()).ok()))
}

/// The value under `key`, or what `callback` makes, computed by one worker at a time. No lock is held while PHP runs.
pub fn remember(
    cache: &Cache,
    key: &[u8],
    callback: &ZendCallable<'_>,
    ttl: Option<i64>,
    tags: &[&[u8]],
) -> PhpResult<Zval> {
    let mut step = call::run(|| cache.begin_compute(key))?;
    if matches!(step, Compute::Wait) {
        step = call::run(|| cache.wait_compute(key))?;
    }
    let lease = match step {
        Compute::Value(found) => match from_bytes(found.payload()) {
            Ok(value) => return Ok(value),
            Err(_) => None,
        },
        Compute::Lease(lease) => Some(lease),
        Compute::Wait => None,
    };
    compute(cache, key, callback, ttl, tags, lease)
}

fn compute(
    cache: &Cache,
    key: &[u8],
    callback: &ZendCallable<'_>,
    ttl: Option<i64>,
    tags: &[&[u8]],
    lease: Option<Lease>,
) -> PhpResult<Zval> {
    // An engine bailout in the callback (memory_limit, exit) jumps over this frame: the guard releases the lease then.
    let lease = ext_php_rs::zend::BailoutGuard::new(lease);
    // When the callback throws, its own exception stays pending and is the one PHP sees.
    let value = callback.try_call(vec![]).map_err(PhpException::from)?;
    call::run(|| {
        let bytes = to_bytes(&value)?;
        match lease.into_inner() {
            Some(lease) => lease.store(cache, &bytes, ttl, tags)?,
            None => cache.set_tagged(key, &bytes, ttl, tags)?,
        };
        Ok(value)
    })
}

/// `$ttl`: null for the default, else seconds.
pub fn seconds(value: Option<&Zval>) -> Result<Option<i64>> {
    let given = value.filter(|value| !value.dereference().is_null());
    given.map(|value| arg::int("ttl", value)).transpose()
}

/// A cache key: a non-empty string of any bytes, or an int.
pub fn key(name: &str, value: &Zval) -> Result<Vec<u8>> {
    let value = value.dereference();
    let bytes = value.zend_str().map(|text| text.as_bytes().to_vec());
    match bytes.or_else(|| value.long().map(|number| number.to_string().into_bytes())) {
        Some(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => Err(Error::argument(name, "a non-empty string", arg::describe(value))),
    }
}

fn keys(value: &Zval) -> Result<Vec<Vec<u8>>> {
    let table = arg::array("keys", value)?;
    if table.len() > MOST_KEYS {
        return Err(Error::argument(
            "keys",
            format!("at most {MOST_KEYS} keys"),
            format!("{} keys", table.len()),
        ));
    }
    table.values().map(|value| key("keys[]", value)).collect()
}

fn insert(table: &mut ZBox<ZendHashTable>, key: &[u8], value: Zval) -> Result<()> {
    let key = ext_php_rs::types::ZendStr::new(key, false);
    let inserted = table.insert(ArrayKey::ZendString(&key), value);
    inserted.map_err(|error| Error::internal("an array", error.to_string()))
}

#[php_impl]
impl CacheManager {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| {
            let (own, rest) = settings::split(settings, CacheOptions::NAMES)?;
            let engine = lifecycle::engine(settings::from_argument(rest.as_ref().or(settings))?);
            Self::over(&engine, options_from("settings", Some(&own))?)
        })
    }

    pub fn get(&self, key: &Zval, default: Option<&Zval>) -> PhpResult<Zval> {
        call::run(|| {
            let found = fetch(&self.cache, &self::key("key", key)?)?;
            Ok(found.unwrap_or_else(|| default.map_or_else(Zval::null, Zval::shallow_clone)))
        })
    }

    pub fn set(&self, key: &Zval, value: &Zval, ttl: Option<&Zval>) -> PhpResult<bool> {
        call::run(|| self.cache.set(&self::key("key", key)?, &to_bytes(value)?, seconds(ttl)?))
    }

    pub fn delete(&self, key: &Zval) -> PhpResult<bool> {
        call::run(|| self.cache.delete(&self::key("key", key)?))
    }

    pub fn has(&self, key: &Zval) -> PhpResult<bool> {
        call::run(|| self.cache.has(&self::key("key", key)?))
    }

    pub fn clear(&self) -> PhpResult<bool> {
        call::run(|| self.cache.clear())
    }

    pub fn remember(&self, key: &Zval, callback: ZendCallable<'_>, ttl: Option<&Zval>) -> PhpResult<Zval> {
        let (key, ttl) = call::run(|| Ok((self::key("key", key)?, seconds(ttl)?)))?;
        remember(&self.cache, &key, &callback, ttl, &[])
    }

    pub fn get_multiple(&self, keys: &Zval, default: Option<&Zval>) -> PhpResult<Zval> {
        call::run(|| {
            let keys = self::keys(keys)?;
            let slices: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
            let mut table = ZendHashTable::with_capacity(u32::try_from(keys.len()).unwrap_or(0));
            for (key, found) in slices.iter().zip(self.cache.get_many(&slices)?) {
                let value = found.and_then(|found| from_bytes(found.payload()).ok());
                let value = value.unwrap_or_else(|| default.map_or_else(Zval::null, Zval::shallow_clone));
                insert(&mut table, key, value)?;
            }
            let mut result = Zval::new();
            result.set_hashtable(table);
            Ok(result)
        })
    }

    pub fn set_multiple(&self, values: &Zval, ttl: Option<&Zval>) -> PhpResult<bool> {
        call::run(|| {
            let table = arg::array("values", values)?;
            if table.len() > MOST_KEYS {
                let given = format!("{} keys", table.len());
                return Err(Error::argument("values", format!("at most {MOST_KEYS} keys"), given));
            }
            let items = table.iter().map(|(key, value)| Ok((key_bytes(&key)?, to_bytes(value)?)));
            let items: Vec<(Vec<u8>, Vec<u8>)> = items.collect::<Result<_>>()?;
            let slices: Vec<_> =
                items.iter().map(|(key, bytes)| (key.as_slice(), bytes.as_slice())).collect();
            self.cache.set_many(&slices, seconds(ttl)?)
        })
    }

    pub fn tags(&self, tags: &Zval) -> PhpResult<TaggedCache> {
        call::run(|| TaggedCache::over(self.cache.clone(), tags))
    }

    pub fn get_stats(&self) -> PhpResult<Zval> {
        call::array(|| Ok(self.cache.stats()))
    }
}

fn key_bytes(key: &ArrayKey<'_>) -> Result<Vec<u8>> {
    let bytes = match key {
        ArrayKey::Long(index) => index.to_string().into_bytes(),
        ArrayKey::String(text) => text.clone().into_bytes(),
        ArrayKey::Str(text) => text.as_bytes().to_vec(),
        ArrayKey::ZendString(text) => text.as_bytes().to_vec(),
    };
    if bytes.is_empty() {
        Err(Error::argument("values", "non-empty keys", "an empty key"))
    } else {
        Ok(bytes)
    }
}

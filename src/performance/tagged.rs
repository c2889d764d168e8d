//! `MesChain\Performance\Cache\TaggedCache`: see `stubs/Performance/Cache/TaggedCache.php`.

use super::cache::{fetch, key, remember, seconds};
use super::cached_value::to_bytes;
use crate::{arg, call};
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendCallable, Zval};
use meschain_base::{Error, Result};
use meschain_performance::cache::CacheManager as Cache;

/// Tags of one view.
const MOST_TAGS: usize = 16;

#[php_class]
#[php(name = "MesChain\\Performance\\Cache\\TaggedCache")]
pub struct TaggedCache {
    cache: Cache,
    tags: Vec<Vec<u8>>,
}

impl TaggedCache {
    pub fn over(cache: Cache, tags: &Zval) -> Result<Self> {
        let tags = if tags.dereference().is_array() {
            arg::strings("tags", tags, MOST_TAGS)?
        } else {
            vec![arg::string("tags", tags)?]
        };
        if tags.is_empty() || tags.iter().any(String::is_empty) {
            return Err(Error::argument("tags", "one or more non-empty strings", format!("{tags:?}")));
        }
        Ok(Self { cache, tags: tags.into_iter().map(String::into_bytes).collect() })
    }

    fn tag_slices(&self) -> Vec<&[u8]> {
        self.tags.iter().map(Vec::as_slice).collect()
    }
}

#[php_impl]
impl TaggedCache {
    pub fn get(&self, key: &Zval, default: Option<&Zval>) -> PhpResult<Zval> {
        call::run(|| {
            let found = fetch(&self.cache, &self::key("key", key)?)?;
            Ok(found.unwrap_or_else(|| default.map_or_else(Zval::null, Zval::shallow_clone)))
        })
    }

    pub fn set(&self, key: &Zval, value: &Zval, ttl: Option<&Zval>) -> PhpResult<bool> {
        call::run(|| {
            self.cache.set_tagged(
                &self::key("key", key)?,
                &to_bytes(value)?,
                seconds(ttl)?,
                &self.tag_slices(),
            )
        })
    }

    pub fn delete(&self, key: &Zval) -> PhpResult<bool> {
        call::run(|| self.cache.delete(&self::key("key", key)?))
    }

    pub fn remember(&self, key: &Zval, callback: ZendCallable<'_>, ttl: Option<&Zval>) -> PhpResult<Zval> {
        let (key, ttl) = call::run(|| Ok((self::key("key", key)?, seconds(ttl)?)))?;
        remember(&self.cache, &key, &callback, ttl, &self.tag_slices())
    }

    pub fn flush(&self) -> PhpResult<bool> {
        call::run(|| self.cache.flush_tags(&self.tag_slices()))
    }
}

//! The frame every exported method runs in: errors become exceptions, and so do panics, which are bugs of ours and
//! must not be more than that.

use crate::{convert, exception};
use ext_php_rs::exception::{PhpException, PhpResult};
use ext_php_rs::types::Zval;
use meschain_base::{Error, Result};
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `body`; its error or panic becomes the exception.
pub fn run<T>(body: impl FnOnce() -> Result<T>) -> PhpResult<T> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result.map_err(|error| exception::to_php(&error)),
        Err(payload) => Err(panicked(payload.as_ref())),
    }
}

/// Runs `body` and hands its result to PHP as arrays and scalars.
pub fn array<T: Serialize>(body: impl FnOnce() -> Result<T>) -> PhpResult<Zval> {
    run(|| convert::to_php(&body()?))
}

fn panicked(payload: &(dyn std::any::Any + Send)) -> PhpException {
    exception::to_php(&Error::internal("a native call", panic_text(payload)))
}

/// What a panic said.
pub fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}

//! From a row of the binary protocol to typed values. A shop's tables may differ a little from OpenCart's: an integer may
//! come as text, a column may be NULL.

use super::schema::NO_DATE;
use meschain_base::{DatabaseFault, Error, Result};
use mysql::{Row, Value};
use std::borrow::Cow;

fn wrong(column: usize, expected: &str) -> Error {
    let detail = format!("column {} of a snapshot query is no {expected}", column + 1);
    Error::Database { fault: DatabaseFault::Value, code: None, detail }
}

/// An integer; NULL is 0.
pub(super) fn integer(row: &Row, column: usize) -> Result<i64> {
    match row.as_ref(column) {
        Some(Value::Int(value)) => Ok(*value),
        Some(Value::UInt(value)) => i64::try_from(*value).map_err(|_| wrong(column, "integer that fits")),
        Some(Value::NULL) => Ok(0),
        Some(Value::Bytes(text)) => {
            let text = std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok());
            text.ok_or_else(|| wrong(column, "integer"))
        }
        _ => Err(wrong(column, "integer")),
    }
}

/// An id; NULL and what is below zero are 0, which is nobody's id.
pub(super) fn id(row: &Row, column: usize) -> Result<u32> {
    u32::try_from(integer(row, column)?.max(0)).map_err(|_| wrong(column, "id"))
}

/// A count or quantity.
pub(super) fn quantity(row: &Row, column: usize) -> Result<i32> {
    i32::try_from(integer(row, column)?).map_err(|_| wrong(column, "quantity"))
}

/// Sums of fingerprints come as they are.
pub(super) fn unsigned(row: &Row, column: usize) -> Result<u64> {
    u64::try_from(integer(row, column)?).map_err(|_| wrong(column, "unsigned integer"))
}

/// 1 for anything but zero.
pub(super) fn flag(row: &Row, column: usize) -> Result<u8> {
    integer(row, column).map(|value| u8::from(value != 0))
}

/// A `datetime` or `date` as seconds since 1970, counted as if it were UTC; NULL and OpenCart's zero date are [`NO_DATE`].
pub(super) fn written(row: &Row, column: usize) -> Result<i64> {
    match row.as_ref(column) {
        Some(Value::Date(year, month, day, hour, minute, second, _)) => {
            if *month == 0 || *day == 0 {
                return Ok(NO_DATE);
            }
            let days = days_since_1970(i64::from(*year), i64::from(*month), i64::from(*day));
            Ok(days * 86_400 + i64::from(*hour) * 3_600 + i64::from(*minute) * 60 + i64::from(*second))
        }
        Some(Value::NULL) => Ok(NO_DATE),
        _ => Err(wrong(column, "date")),
    }
}

/// Text; NULL is empty, bytes that are no UTF-8 are replaced.
pub(super) fn text(row: &Row, column: usize) -> Cow<'_, str> {
    match row.as_ref(column) {
        Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes),
        Some(Value::Int(value)) => value.to_string().into(),
        Some(Value::UInt(value)) => value.to_string().into(),
        _ => Cow::Borrowed(""),
    }
}

/// Days from 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_agree_with_a_calendar_library(days in -700_000_i32..2_900_000) {
            let epoch = jiff::civil::date(1970, 1, 1);
            let date: Date = epoch.checked_add(jiff::Span::new().days(days)).unwrap();
            let ours = days_since_1970(date.year().into(), date.month().into(), date.day().into());
            prop_assert_eq!(ours, i64::from(days));
        }
    }
}

//! Exact money: a whole number of ten-thousandths, as OpenCart's `decimal(15,4)` holds it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An amount times 10^4. `decimal(15,4)` fits with room for nine million full-range rows in a sum; sums that may
/// exceed that use [`Money::raw`] in an `i128`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Ten-thousandths in one unit of currency.
    pub const SCALE: i64 = 10_000;
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// From ten-thousandths.
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// In ten-thousandths.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The nearest amount to a float; `None` when it is not finite or does not fit.
    pub fn from_f64(value: f64) -> Option<Self> {
        let scaled = (value * Self::SCALE as f64).round();
        (scaled.is_finite() && scaled.abs() < 9.0e18).then_some(Self(scaled as i64))
    }

    /// As a float, for statistics only; never to be summed into a total.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / Self::SCALE as f64
    }

    /// Parses a plain decimal such as `-1234.5678`; digits past the fourth are rounded half away from zero.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (negative, digits) = match text.split_first()? {
            (b'-', rest) => (true, rest),
            (b'+', rest) => (false, rest),
            _ => (false, text),
        };
        let mut split = digits.splitn(2, |b| *b == b'.');
        let whole = split.next()?;
        let fraction = split.next().unwrap_or(b"");
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut raw: i64 = 0;
        for digit in whole.iter().chain(fraction.iter().chain(b"0000").take(4)) {
            raw = raw.checked_mul(10)?.checked_add(digit_value(*digit)?)?;
        }
        if fraction.iter().any(|b| !b.is_ascii_digit()) {
            return None;
        }
        if fraction.get(4).is_some_and(|b| *b >= b'5') {
            raw = raw.checked_add(1)?;
        }
        Some(Self(if negative { -raw } else { raw }))
    }

    /// Adds, or `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Times a whole quantity, or `None` on overflow.
    pub fn checked_mul(self, quantity: i64) -> Option<Self> {
        self.0.checked_mul(quantity).map(Self)
    }
}

fn digit_value(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// Always four decimals and a point: `-1234.5000`, the form MySQL prints.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        format_raw(f, i128::from(self.0))
    }
}

/// Formats ten-thousandths held in an `i128`, for sums over more rows than an `i64` can be sure of.
pub fn format_raw_i128(raw: i128) -> String {
    struct Raw(i128);
    impl fmt::Display for Raw {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            format_raw(f, self.0)
        }
    }
    Raw(raw).to_string()
}

fn format_raw(f: &mut fmt::Formatter<'_>, raw: i128) -> fmt::Result {
    let sign = if raw < 0 { "-" } else { "" };
    let scale = Money::SCALE as u128;
    let value = raw.unsigned_abs();
    write!(f, "{sign}{}.{:04}", value / scale, value % scale)
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        iter.fold(Money::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parses_what_mysql_prints() {
        assert_eq!(Money::parse(b"1234.5000"), Some(Money(12_345_000)));
        assert_eq!(Money::parse(b"-0.0001"), Some(Money(-1)));
        assert_eq!(Money::parse(b".5"), Some(Money(5_000)));
        assert_eq!(Money::parse(b"7"), Some(Money(70_000)));
        assert_eq!(Money::parse(b"0.00005"), Some(Money(1)));
    }

    #[test]
    fn refuses_what_is_no_decimal() {
        for text in ["", ".", "-", "1,5", "1e3", "abc", "1.2.3", "1.2345x", "99999999999999999999"] {
            assert_eq!(Money::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn refuses_floats_that_do_not_fit() {
        assert_eq!(Money::from_f64(f64::NAN), None);
        assert_eq!(Money::from_f64(1e18), None);
        assert_eq!(Money::from_f64(-12.34), Some(Money(-123_400)));
    }

    proptest! {
        #[test]
        fn text_round_trips(raw in -9_000_000_000_000_000_i64..9_000_000_000_000_000) {
            let money = Money(raw);
            prop_assert_eq!(Money::parse(money.to_string().as_bytes()), Some(money));
        }
    }
}

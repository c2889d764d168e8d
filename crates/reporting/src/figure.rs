//! Figures as they leave the library: exact text for money, and how they changed.

use meschain_base::money::format_raw_i128;
use serde::{Serialize, Serializer};

/// A figure. Money is ten-thousandths of the default currency and leaves as text with four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// An amount.
    Money(i128),
    /// A number of things.
    Count(i64),
}

impl Figure {
    pub(crate) fn count(value: u64) -> Self {
        Self::Count(i64::try_from(value).unwrap_or(i64::MAX))
    }

    fn raw(self) -> f64 {
        match self {
            Self::Money(raw) => raw as f64,
            Self::Count(count) => count as f64,
        }
    }

    /// The change from `before` as a share of it; `None` when there was nothing before.
    pub(crate) fn change(self, before: Self) -> Option<f64> {
        let base = before.raw();
        (base != 0.0).then(|| (self.raw() - base) / base.abs())
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Money(raw) => f.write_str(&format_raw_i128(*raw)),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Money(raw) => serializer.serialize_str(&format_raw_i128(*raw)),
            Self::Count(count) => serializer.serialize_i64(*count),
        }
    }
}

/// A figure of the period beside the same figure of the period before and of the year before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kpi {
    /// `revenue`, `orders`, `average_order_value`, `units`, `returns` or `new_customers`.
    pub id: &'static str,
    /// `money` or `count`.
    pub unit: &'static str,
    /// Of the period.
    pub value: Figure,
    /// Of the period before.
    pub previous: Figure,
    /// Of the year before.
    pub last_year: Figure,
    /// 0.12 is 12 % more than before; `None` when there was nothing before.
    pub change_previous: Option<f64>,
    /// The same against the year before.
    pub change_last_year: Option<f64>,
    /// Whether more is good: `up`, `down` or `none`.
    pub better: &'static str,
}

/// Ids in the order they are shown, and whether more is good.
pub(crate) const KPIS: [(&str, &str); 6] = [
    ("revenue", "up"),
    ("orders", "up"),
    ("average_order_value", "up"),
    ("units", "up"),
    ("returns", "down"),
    ("new_customers", "up"),
];

/// Figures of one period in the order of [`KPIS`].
pub(crate) type Figures = [Figure; 6];

/// Lines the figures of the three periods up.
pub(crate) fn kpis(value: Figures, previous: Figures, last_year: Figures) -> Vec<Kpi> {
    let rows = KPIS.iter().zip(value).zip(previous).zip(last_year);
    let kpi =
        |(((&(id, better), value), previous), last_year): (((&(&'static str, &'static str), _), _), _)| Kpi {
            id,
            unit: if matches!(value, Figure::Money(_)) { "money" } else { "count" },
            value,
            previous,
            last_year,
            change_previous: Figure::change(value, previous),
            change_last_year: Figure::change(value, last_year),
            better,
        };
    rows.map(kpi).collect()
}

/// `sum / count` to the ten-thousandth, half away from zero; 0 when there is nothing to divide by.
pub(crate) fn average(sum: i128, count: u64) -> i128 {
    let count = i128::from(count);
    if count == 0 {
        return 0;
    }
    let (quotient, rest) = (sum / count, sum % count);
    quotient + if rest.abs() * 2 >= count { sum.signum() } else { 0 }
}

/// `part` of `whole`; 0 when there is no whole.
pub(crate) fn share(part: i128, whole: i128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn averages_round_half_away_from_zero() {
        assert_eq!(
            [average(5, 2), average(-5, 2), average(4, 3), average(-4, 3), average(7, 0)],
            [3, -3, 1, -1, 0]
        );
    }

    #[test]
    fn change_needs_something_before() {
        assert_eq!(Figure::Count(3).change(Figure::Count(0)), None);
        assert_eq!(Figure::Money(0).change(Figure::Money(40)), Some(-1.0));
        assert_eq!(Figure::Money(10).change(Figure::Money(-10)), Some(2.0));
    }

    proptest! {
        #[test]
        fn averages_are_the_nearest(sum in -1_000_000_000_i128..1_000_000_000, count in 1_u64..10_000) {
            let average = average(sum, count);
            let error = (average * i128::from(count) - sum).abs() * 2;
            prop_assert!(error <= i128::from(count));
        }
    }
}

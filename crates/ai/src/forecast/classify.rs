//! What kind of demand a series shows.

/// Demand classes after Syntetos, Boylan and Croston (2005): average interval between demands (ADI) against 1.32,
/// squared coefficient of variation of the demand sizes against 0.49.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nothing was ever sold.
    Empty,
    /// Too short to tell.
    New,
    /// Sold nearly every period, in even amounts.
    Smooth,
    /// Sold now and then, in even amounts.
    Intermittent,
    /// Sold nearly every period, in uneven amounts.
    Erratic,
    /// Sold now and then, in uneven amounts.
    Lumpy,
}

impl Class {
    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::New => "new",
            Self::Smooth => "smooth",
            Self::Intermittent => "intermittent",
            Self::Erratic => "erratic",
            Self::Lumpy => "lumpy",
        }
    }

    /// Row of the pooled tables: one for each of the four demand classes.
    pub(crate) fn row(self) -> usize {
        match self {
            Self::Smooth => 0,
            Self::Intermittent | Self::Empty | Self::New => 1,
            Self::Erratic => 2,
            Self::Lumpy => 3,
        }
    }
}

/// Periods with a known value below which a series is [`Class::New`].
pub const SHORTEST: usize = 8;

/// Figures a class is read from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Share of known periods without a sale.
    pub zeros: f64,
    /// Average number of periods between sales (infinite when nothing sold).
    pub interval: f64,
    /// Squared coefficient of variation of the non-zero amounts.
    pub variation: f64,
    /// Periods with a known value.
    pub known: usize,
}

/// Measures a series; missing values are NaN.
pub fn profile(values: &[f64]) -> Profile {
    let known = values.iter().filter(|v| !v.is_nan()).count();
    let sold: Vec<f64> = values.iter().copied().filter(|v| *v > 0.0).collect();
    let count = sold.len() as f64;
    let mean = sold.iter().sum::<f64>() / count.max(1.0);
    let variance = sold.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count.max(1.0);
    Profile {
        zeros: if known == 0 { 1.0 } else { 1.0 - count / known as f64 },
        interval: if sold.is_empty() { f64::INFINITY } else { known as f64 / count },
        variation: if mean > 0.0 { variance / (mean * mean) } else { 0.0 },
        known,
    }
}

/// The class of a series; missing values are NaN.
pub fn classify(values: &[f64]) -> Class {
    let figures = profile(values);
    match figures {
        Profile { known, .. } if known < SHORTEST => Class::New,
        Profile { interval, .. } if interval.is_infinite() => Class::Empty,
        Profile { interval, variation, .. } => match (interval < 1.32, variation < 0.49) {
            (true, true) => Class::Smooth,
            (false, true) => Class::Intermittent,
            (true, false) => Class::Erratic,
            (false, false) => Class::Lumpy,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_classes_and_the_two_that_are_none() {
        let smooth = [5.0, 6.0, 5.0, 4.0, 5.0, 6.0, 5.0, 5.0];
        let intermittent = [0.0, 0.0, 2.0, 0.0, 0.0, 2.0, 0.0, 0.0, 3.0];
        let erratic = [1.0, 20.0, 1.0, 2.0, 1.0, 30.0, 1.0, 1.0];
        let lumpy = [0.0, 0.0, 1.0, 0.0, 40.0, 0.0, 0.0, 1.0];
        assert_eq!(classify(&smooth), Class::Smooth);
        assert_eq!(classify(&intermittent), Class::Intermittent);
        assert_eq!(classify(&erratic), Class::Erratic);
        assert_eq!(classify(&lumpy), Class::Lumpy);
        assert_eq!(classify(&[0.0; 9]), Class::Empty);
        assert_eq!(classify(&[1.0, 2.0]), Class::New);
    }

    #[test]
    fn missing_periods_are_not_zeros() {
        let figures = profile(&[2.0, f64::NAN, 0.0, 2.0]);
        assert_eq!((figures.known, figures.zeros.mul_add(3.0, 0.0).round() as usize), (3, 1));
    }
}

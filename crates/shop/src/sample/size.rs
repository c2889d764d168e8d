//! How large a sample is.

use meschain_base::{Error, Result};

/// Days of orders: two years.
pub(super) const DAYS: usize = 731;

/// Sizes to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 200 products, about 10,000 lines.
    Small,
    /// 2,000 products, about 200,000 lines.
    Medium,
    /// 20,000 products, about 1,000,000 orders with 3,000,000 lines.
    Large,
}

impl Size {
    /// Reads `small`, `medium` or `large`.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "small" => Ok(Self::Small),
            "medium" => Ok(Self::Medium),
            "large" => Ok(Self::Large),
            _ => Err(Error::argument("size", "small, medium or large", name)),
        }
    }

    /// The name that [`Size::parse`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    pub(super) fn products(self) -> usize {
        match self {
            Self::Small => 200,
            Self::Medium => 2_000,
            Self::Large => 20_000,
        }
    }

    /// Expected lines of orders that were placed.
    pub(super) fn lines(self) -> f64 {
        match self {
            Self::Small => 10_000.0,
            Self::Medium => 200_000.0,
            Self::Large => 3_000_000.0,
        }
    }
}

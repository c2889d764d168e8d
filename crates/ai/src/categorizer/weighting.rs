//! What of a title counts most: chosen by the catalogue.
//!
//! Where categories are kinds of things, common words say most, and a little naive Bayes helps the machines. Where they are nearly
//! single products of which other shops write other titles, the rare words decide (a model number, a colour), and naive Bayes, which
//! counts everything that the likenesses share as evidence of its own, misleads.

use super::calibrate::{HeldOut, best};
use serde::{Deserialize, Serialize};

/// How features are scaled and what naive Bayes adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weighting {
    /// Features as they are, and a little naive Bayes.
    #[default]
    Common,
    /// Features times their inverse document frequency, and no naive Bayes.
    Rare,
}

/// By so many standard errors of chance one weighting has to be right more often than another.
pub const ERRORS: f64 = 2.0;

impl Weighting {
    /// Weight of naive Bayes beside the machines.
    pub fn bayes(self) -> f32 {
        match self {
            Self::Common => 0.015,
            Self::Rare => 0.0,
        }
    }

    /// How much more a violation by one of the category itself counts at most.
    pub fn most_own(self) -> f32 {
        match self {
            Self::Common => 12.0,
            Self::Rare => 3.0,
        }
    }

    /// What the values of each of `features` are multiplied with; empty where they stay. Their mean square over `rows` stays the same.
    pub fn scales(self, rows: &[Vec<(u32, f32)>], features: usize) -> Vec<f32> {
        if self == Self::Common {
            return Vec::new();
        }
        let cells = || rows.iter().flatten();
        let mut scales = vec![0f32; features];
        for (feature, _) in cells() {
            scales.get_mut(*feature as usize).into_iter().for_each(|rows| *rows += 1.0);
        }
        let all = rows.len() as f32;
        scales.iter_mut().for_each(|with| *with = 1.0 + ((1.0 + all) / (1.0 + *with)).ln());
        let of = |feature: &u32| scales.get(*feature as usize).copied().unwrap_or(1.0);
        let before: f32 = cells().map(|(_, value)| value * value).sum();
        let after: f32 = cells().map(|(feature, value)| (value * of(feature)).powi(2)).sum();
        let mean = (after / before.max(f32::MIN_POSITIVE)).sqrt().max(f32::MIN_POSITIVE);
        scales.iter_mut().for_each(|scale| *scale /= mean);
        scales
    }
}

/// By how many standard errors of chance `other` answers about the same held-out products are right more often than `usual` ones, counted on
/// those that only one of them gets right (McNemar 1947). Likelihood would not do: it asks for the order of all categories, which naive
/// Bayes keeps better even where it errs about the first one more often.
pub fn more_often_right(other: &[HeldOut], usual: &[HeldOut]) -> f64 {
    let pairs = || other.iter().zip(usual).map(|(other, usual)| (is_right(other), is_right(usual)));
    let gained = pairs().filter(|pair| *pair == (true, false)).count() as f64;
    let lost = pairs().filter(|pair| *pair == (false, true)).count() as f64;
    (gained - lost) / (gained + lost).max(1.0).sqrt()
}

fn is_right(product: &HeldOut) -> bool {
    best(&product.scores).is_some_and(|(class, _)| Some(class) == product.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_features_weigh_more_and_rows_keep_their_length() {
        let rows = vec![vec![(0, 1.0), (1, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(0, 1.0), (3, 1.0)]];
        assert!(Weighting::Common.scales(&rows, 4).is_empty());
        let scales = Weighting::Rare.scales(&rows, 4);
        assert!(scales[0] < 1.0 && scales[1] > 1.0 && scales[1] == scales[3], "{scales:?}");
        assert!((scales[0].powi(2) + scales[1].powi(2) - 2.0).abs() < 1e-5, "{scales:?}");
    }

    #[test]
    fn another_weighting_has_to_be_right_more_often_than_chance_makes_it() {
        // So many of a hundred are right.
        let answers = |right: usize, count: usize| -> Vec<HeldOut> {
            let class = |n: usize| Some(usize::from(n * 37 % 100 >= right));
            (0..count).map(|n| HeldOut { scores: vec![1.0, 0.0], class: class(n) }).collect()
        };
        assert!(more_often_right(&answers(90, 1000), &answers(70, 1000)) > ERRORS);
        assert!(more_often_right(&answers(70, 1000), &answers(90, 1000)) < -ERRORS);
        assert_eq!(more_often_right(&answers(80, 1000), &answers(80, 1000)), 0.0);
        let few = more_often_right(&answers(90, 20), &answers(80, 20));
        assert!(few > 0.0 && few < ERRORS, "too few to tell");
        assert_eq!(more_often_right(&[], &[]), 0.0);
    }
}

//! The course of a product's own demand: it comes into fashion and goes out again.
//!
//! Shops cut the price of what sells no longer. Beside a level that is the same in all weeks, the cheap weeks are then the bad ones, and the price
//! is taken to make no difference; beside a level that bends, the price has to explain the step that it made. A bent level costs evidence, so it is
//! used only where [`super::endogeneity`] finds that it matters.

use super::fit::Product;
use super::noise::Noise;
use super::week_effects::WeekEffects;
use super::whitened::Whitened;

/// Weeks between two bends of a course. Chosen on generated shops that clear, all products or a tenth of them: with 13, the end of a life is followed
/// too slowly.
const STRIDE: usize = 8;
/// Standard deviation of what a bend adds to the change of log demand a week: wide enough to say next to nothing.
const BEND: f64 = 0.3;

/// How many bends the course of these weeks has.
pub(super) fn bends(weeks: &[i32]) -> usize {
    weeks.len().div_ceil(STRIDE)
}

/// A course of ascending `weeks` as a line from each bend on, in `week`.
pub(super) fn lines(week: i32, weeks: &[i32]) -> impl Iterator<Item = f64> {
    weeks.iter().step_by(STRIDE).map(move |from| f64::from(week.saturating_sub(*from).max(0)))
}

/// Prior precision of a bend.
pub(super) fn precision() -> f64 {
    BEND.powi(-2)
}

impl Product {
    /// Sets the course, or none where levels do not bend, by today's coefficients and week effects.
    pub(super) fn follow(&mut self, effects: &WeekEffects, noise: &Noise) {
        let course = noise.has_course.then(|| Whitened::for_course(self, effects, noise).course(noise));
        self.course = course.flatten().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::price_index::PriceIndex;
    use crate::pricing::{PriceWeek, ProductHistory};

    /// A product that sells by `log`, at one price.
    fn followed(log: impl Fn(i32) -> f64, has_course: bool) -> Product {
        let week = |week: i32| PriceWeek {
            week,
            units: log(week).exp().round(),
            price: 10.0,
            covariates: Vec::new(),
        };
        let history = ProductHistory { id: 1, group: 0, weeks: (0..50).map(week).collect() };
        let mut product = Product::new(&history, 1, 0, &PriceIndex::default());
        let noise = Noise { has_course, dispersion: 0.01, ..Noise::default() };
        for _ in 0..8 {
            product.follow(&WeekEffects::default(), &noise);
        }
        product
    }

    #[test]
    fn a_course_follows_a_life() {
        let life = |week: i32| 6.0 + if week < 25 { 0.0 } else { -0.1 * f64::from(week - 25) };
        let product = followed(life, true);
        for week in [5, 24, 40, 49] {
            let found = product.level_in(week as usize);
            assert!((found - life(week)).abs() < 0.1, "{week}: {found} for {}", life(week));
        }
    }

    #[test]
    fn without_one_all_weeks_have_the_same_level() {
        let product = followed(|week| 6.0 - 0.05 * f64::from(week), false);
        assert!((0..50).all(|week| product.level_in(week) == product.level));
    }

    #[test]
    fn lines_begin_at_their_bends_however_far_weeks_lie_apart() {
        let weeks = [0, 1, 2, 3, 4, 5, 6, 7, 90, i32::MAX];
        assert_eq!(bends(&weeks), 2);
        assert_eq!(lines(91, &weeks).collect::<Vec<_>>(), [91.0, 1.0]);
        assert_eq!((bends(&[]), lines(3, &[]).count()), (0, 0));
    }
}

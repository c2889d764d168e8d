//! How units scatter around what is expected.

use super::drift::Drift;
use super::fit::Product;
use super::linear::dot;
use super::response::bite;
use super::week_effects::WeekEffects;

/// What is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noise {
    /// Variance of units beyond Poisson, relative to the squared mean.
    pub dispersion: f64,
    pub drift: Drift,
    /// Whether levels bend: [`super::course`].
    pub has_course: bool,
    /// The mean [`bite`] of the weeks.
    pub bite: f64,
}

impl Default for Noise {
    fn default() -> Self {
        Self { dispersion: 0.1, drift: Drift::default(), has_course: false, bite: 1.0 }
    }
}

impl Noise {
    /// As today's coefficients, levels and effects leave it.
    pub(super) fn measured(products: &[Product], effects: &WeekEffects, has_course: bool) -> Self {
        let dispersion = dispersion(products, effects);
        let drift = Drift::measured(products, effects, dispersion, has_course);
        Self { dispersion, drift, has_course, bite: 1.0 }.biting(products, effects)
    }

    /// With the bite that today's coefficients, levels and effects leave.
    pub(super) fn biting(self, products: &[Product], effects: &WeekEffects) -> Self {
        let (mut bites, mut weights) = (0.0, 0.0);
        for product in products {
            for (units, mean) in means(product, effects) {
                let Some(bite) = bite(units, mean) else { continue };
                let weight = mean / (1.0 + self.dispersion * mean);
                bites += weight * bite;
                weights += weight;
            }
        }
        let bite = if weights > 0.0 { (bites / weights).clamp(0.2, 1.0) } else { 1.0 };
        Self { bite, ..self }
    }
}

/// Units of a product's weeks, and what was expected.
fn means<'a>(product: &'a Product, effects: &'a WeekEffects) -> impl Iterator<Item = (f64, f64)> + 'a {
    let rows = product.rows.chunks_exact(product.size.max(1));
    let effects = effects.of_category(product.group);
    rows.zip(&product.units).zip(&product.weeks).enumerate().map(move |(at, ((row, units), week))| {
        let effect = effects.at(*week);
        let log = product.level_in(at) + dot(row, &product.coefficients) + effect;
        (*units, log.clamp(-7.0, 30.0).exp())
    })
}

/// By moments: how much the squared errors exceed the Poisson variance, relative to the squared mean.
fn dispersion(products: &[Product], effects: &WeekEffects) -> f64 {
    let (mut excess, mut squares) = (0.0, 0.0);
    for (units, mean) in products.iter().flat_map(|product| means(product, effects)) {
        // One share a product week, so that a few huge sellers do not decide for all.
        let scale = mean.max(1.0).powi(2);
        excess += (((units - mean).powi(2) - mean) / scale).min(9.0);
        squares += mean * mean / scale;
    }
    (excess / f64::max(squares, 1e-9)).clamp(0.001, 2.0)
}

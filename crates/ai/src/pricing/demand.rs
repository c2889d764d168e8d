//! Demand at a price.

use super::fit::LEAST;

/// Percentage change of units for one percent of price, with its 95 % interval. Always negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elasticity {
    /// Posterior mean.
    pub value: f64,
    /// Most elastic end.
    pub lower: f64,
    /// Least elastic end.
    pub upper: f64,
}

impl Elasticity {
    /// From mean and standard deviation.
    pub fn around(value: f64, deviation: f64) -> Self {
        let value = value.min(LEAST);
        let reach = 1.96 * deviation.max(0.0);
        Self { value, lower: value - reach, upper: (value + reach).min(LEAST) }
    }

    /// The quantile of the distribution, 0.5 being the mean.
    pub(crate) fn at(&self, quantile: f64) -> f64 {
        let sign = if quantile < 0.5 { -1.0 } else { 1.0 };
        self.end(quantile.max(1.0 - quantile), sign)
    }

    /// The end of the interval that covers a share `confidence` one-sided: towards -inf when `sign` is -1, else towards 0.
    pub(crate) fn end(&self, confidence: f64, sign: f64) -> f64 {
        let deviation = (self.value - self.lower) / 1.96;
        (self.value + sign * normal_quantile(confidence) * deviation).min(LEAST)
    }
}

/// Quantile of the standard normal for 0.5 to 0.999 (Abramowitz and Stegun 26.2.23; error below 5e-4).
fn normal_quantile(share: f64) -> f64 {
    let tail = (1.0 - share.clamp(0.5, 0.999)).max(1e-9);
    let t = (-2.0 * tail.ln()).sqrt();
    let top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let bottom = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    (t - top / bottom).max(0.0)
}

/// What is known about one product's demand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// Price elasticity.
    pub elasticity: Elasticity,
    /// Weeks of the product's own history; 0 when it leans on its category alone.
    pub weeks: u32,
    /// Different prices in that history.
    pub price_levels: u32,
    /// Mean units a week over that history.
    pub weekly_units: f64,
    /// Log demand at a price of 1 and no covariates; None without history.
    pub level: Option<f64>,
}

impl Demand {
    /// Nothing is known.
    pub(crate) fn unknown() -> Self {
        Self {
            elasticity: Elasticity::around(-1.0, 10.0),
            weeks: 0,
            price_levels: 0,
            weekly_units: 0.0,
            level: None,
        }
    }

    /// Units a week at a price without promotion; None without history.
    pub fn units(&self, price: f64) -> Option<f64> {
        let level = self.level.filter(|_| price > 0.0)?;
        Some((level + self.elasticity.value * price.ln()).clamp(-40.0, 40.0).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_stay_negative_and_quantiles_are_those_of_the_normal() {
        let wide = Elasticity::around(-0.5, 2.0);
        assert!(wide.upper <= LEAST && (wide.lower + 4.42).abs() < 1e-9);
        assert!((normal_quantile(0.975) - 1.96).abs() < 1e-3 && normal_quantile(0.5) < 1e-3);
        assert!((Elasticity::around(-2.0, 0.5).end(0.9, -1.0) + 2.641).abs() < 1e-2);
    }
}

//! How far elasticities lie apart: those of a category's products, and those of a store's categories.

/// Standard deviations that are tried first, from products that are all alike to such that have little in common: the first, by what the
/// next ones grow, and how many. Around the likeliest pair, steps of a quarter.
const COARSE: (f64, f64, i32) = (0.05, 1.3, 14);
const FINE: i32 = 4;
const FINE_REACH: i32 = 10;
/// What is taken for likely before any sale: the median of a standard deviation, and how far its logarithm goes around it. A shop of a few
/// products hardly says.
const PRIOR: (f64, f64) = (0.4, 0.5);

/// What a product's own weeks say of its elasticity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub value: f64,
    pub variance: f64,
}

/// Variances of true elasticities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// Between the products of a category.
    pub products: f64,
    /// Between the categories of the store.
    pub categories: f64,
}

impl Default for Spread {
    /// Of a shop that says nothing.
    fn default() -> Self {
        Self { products: PRIOR.0.powi(2), categories: PRIOR.0.powi(2) }
    }
}

impl Spread {
    /// Posterior means, given the estimates of each category's products: the restricted likelihood of two nested random effects (Patterson
    /// and Thompson 1971; Searle, Casella and McCulloch, "Variance components", 1992), times a log-normal prior of both deviations.
    pub(super) fn of<'a>(categories: impl Iterator<Item = &'a [Estimate]> + Clone) -> Self {
        let (first, step, count) = COARSE;
        let coarse: Vec<f64> = (0..count).map(|at| first * step.powi(at)).collect();
        let likeliest =
            cells(categories.clone(), &coarse, &coarse).into_iter().max_by(|a, b| a.log.total_cmp(&b.log));
        let Some(likeliest) = likeliest else { return Self::default() };
        let around = |middle: f64| -> Vec<f64> {
            let at = |at: i32| middle * step.powf(f64::from(at) / f64::from(FINE));
            (-FINE_REACH..=FINE_REACH).map(at).collect()
        };
        let cells = cells(categories, &around(likeliest.products), &around(likeliest.categories));
        let most = cells.iter().map(|cell| cell.log).fold(f64::NEG_INFINITY, f64::max);
        let (mut spread, mut total) = (Self { products: 0.0, categories: 0.0 }, 0.0);
        for cell in cells {
            let weight = (cell.log - most).exp();
            spread.products += weight * cell.products.powi(2);
            spread.categories += weight * cell.categories.powi(2);
            total += weight;
        }
        Self { products: spread.products / total, categories: spread.categories / total }
    }

    /// Whether it is one.
    pub(super) fn is_sound(self) -> bool {
        let is = |variance: f64| variance > 0.0 && variance.is_finite();
        is(self.products) && is(self.categories)
    }
}

/// Two standard deviations and the logarithm of how likely they are.
struct Cell {
    products: f64,
    categories: f64,
    log: f64,
}

fn cells<'a>(
    estimates: impl Iterator<Item = &'a [Estimate]> + Clone,
    products: &[f64],
    categories: &[f64],
) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(products.len() * categories.len());
    for products in products.iter().copied() {
        let means: Vec<Mean> =
            estimates.clone().filter_map(|category| Mean::of(category, products.powi(2))).collect();
        let inside: f64 = means.iter().map(|mean| mean.log).sum();
        let means: Vec<Estimate> = means.into_iter().map(|mean| mean.estimate).collect();
        for categories in categories.iter().copied() {
            let apart = Mean::of(&means, categories.powi(2)).map_or(0.0, |store| store.log);
            cells.push(Cell {
                products,
                categories,
                log: inside + apart + prior(products) + prior(categories),
            });
        }
    }
    cells
}

fn prior(deviation: f64) -> f64 {
    -0.5 * ((deviation / PRIOR.0).ln() / PRIOR.1).powi(2)
}

/// The mean of estimates whose truths lie apart, and the logarithm of how likely they are around it.
struct Mean {
    estimate: Estimate,
    log: f64,
}

impl Mean {
    fn of(estimates: &[Estimate], between: f64) -> Option<Self> {
        let (mut weight, mut sum, mut squares, mut logs) = (0.0, 0.0, 0.0, 0.0);
        for one in estimates {
            let precision = 1.0 / (one.variance + between);
            weight += precision;
            sum += precision * one.value;
            squares += precision * one.value * one.value;
            logs += precision.ln();
        }
        (weight > 0.0).then(|| Self {
            estimate: Estimate { value: sum / weight, variance: 1.0 / weight },
            log: 0.5 * (logs - weight.ln() - (squares - sum * sum / weight)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::tests::normal;
    use meschain_base::random::seeded;

    /// Categories of thirty products each, measured with a standard error of 0.5.
    fn found(categories: usize, products: f64, between: f64) -> Spread {
        let mut random = seeded(3, 0);
        let estimates: Vec<Vec<Estimate>> = (0..categories)
            .map(|_| {
                let category = -2.0 + between * normal(&mut random);
                let mut one = || category + products * normal(&mut random) + 0.5 * normal(&mut random);
                (0..30).map(|_| Estimate { value: one(), variance: 0.25 }).collect()
            })
            .collect();
        Spread::of(estimates.iter().map(Vec::as_slice))
    }

    #[test]
    fn both_spreads_are_found_apart() {
        for (products, between) in [(0.2, 0.6), (0.6, 0.2), (0.4, 0.4)] {
            let spread = found(60, products, between);
            let (own, shared) = (spread.products.sqrt(), spread.categories.sqrt());
            assert!((own - products).abs() < 0.06 && (shared - between).abs() < 0.12, "{own} {shared}");
        }
    }

    #[test]
    fn a_shop_that_says_nothing_has_the_usual_spread() {
        let spread = Spread::of(std::iter::empty());
        assert!(
            (0.1..0.4).contains(&spread.products) && (0.1..0.4).contains(&spread.categories),
            "{spread:?}"
        );
        // One category does not tell how far categories lie apart.
        let one = found(1, 0.3, 0.0).categories;
        assert!((0.1..0.4).contains(&one), "{one}");
    }
}

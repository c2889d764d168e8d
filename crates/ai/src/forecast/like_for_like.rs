//! What the catalogue of now sold in each past cycle, as if all of it had been on sale throughout.

use super::smoothing::mean;

/// Sums of cycles over products that were listed at different times.
///
/// Growth by products that are added is not growth of those that are there, and only those are forecast: a plain sum takes the day on which a
/// supplier's list was imported for demand that goes on rising. So a cycle's sum is raised by the share of the catalogue that was not listed
/// yet, each product weighed by its own mean: like-for-like sales, a ratio estimate of the missing part. Weighing the means by how good their
/// own cycles were (a two-way fit) was no better on public sets.
pub(crate) struct LikeForLike {
    season: usize,
    /// Of each cycle, the newest first: units sold, and the sum of the means of the products that were listed.
    cycles: Vec<(f64, f64)>,
}

impl LikeForLike {
    /// Cycles of `season` periods.
    pub(crate) fn new(season: usize) -> Self {
        Self { season: season.max(1), cycles: Vec::new() }
    }

    /// Adds a product's values from its listing to now; missing ones (NaN) count as its mean.
    pub(crate) fn add(&mut self, values: &[f64]) {
        let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let mean = mean(&known);
        let cycles = values.rchunks_exact(self.season);
        self.cycles.resize(self.cycles.len().max(cycles.len()), (0.0, 0.0));
        for ((sold, listed), cycle) in self.cycles.iter_mut().zip(cycles) {
            *sold += cycle.iter().map(|value| if value.is_nan() { mean } else { *value }).sum::<f64>();
            *listed += mean * self.season as f64;
        }
    }

    /// Units of each cycle, the oldest first.
    pub(crate) fn cycles(&self) -> Vec<f64> {
        let all = self.cycles.first().map_or(0.0, |(_, listed)| *listed);
        let whole = |(sold, listed): &(f64, f64)| if *listed > 0.0 { sold * (all / listed) } else { 0.0 };
        self.cycles.iter().rev().map(whole).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(season: usize, products: &[&[f64]]) -> Vec<f64> {
        let mut total = LikeForLike::new(season);
        products.iter().for_each(|values| total.add(values));
        total.cycles()
    }

    #[test]
    fn a_catalogue_that_was_there_throughout_is_summed() {
        assert_eq!(cycles(2, &[&[9.0, 1.0, 2.0, 3.0, 4.0], &[5.0, 5.0, 0.0, 2.0]]), [13.0, 9.0]);
        assert_eq!(cycles(2, &[&[1.0, f64::NAN, 3.0, f64::NAN]]), [3.0, 5.0], "missing ones are the mean");
        assert!(cycles(7, &[&[1.0; 6]]).is_empty());
        assert_eq!(cycles(1, &[&[0.0; 3]]), [0.0; 3]);
    }

    #[test]
    fn an_import_of_new_products_is_no_growth() {
        let old = [10.0, 12.0, 8.0, 10.0, 10.0, 10.0];
        let found = cycles(1, &[&old, &[30.0, 30.0]]);
        assert_eq!(found, old.map(|value| 4.0 * value), "a quarter was there");
    }

    #[test]
    fn products_that_fade_take_the_total_down() {
        let found = cycles(1, &[&[8.0, 8.0, 4.0, 4.0], &[6.0, 6.0]]);
        assert_eq!(found, [16.0, 16.0, 10.0, 10.0]);
    }
}

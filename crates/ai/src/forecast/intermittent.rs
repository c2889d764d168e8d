//! Methods for demand with gaps: flat levels of the beginnings of one series without missing periods.

use super::beginnings::{Beginning, Beginnings, Recursion};
use super::smoothing::{GRID, Smoothing};

/// Croston's method with the correction of Syntetos and Boylan (2005): size over interval, both smoothed by 0.1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Croston {
    /// Size of a sale and periods between two, once something sold.
    smoothed: Option<(f64, f64)>,
    interval: f64,
}

impl Croston {
    const CONSTANT: f64 = 0.1;

    /// Before any value.
    pub(crate) fn new() -> Self {
        Self { smoothed: None, interval: 1.0 }
    }

    pub(crate) fn level(&self) -> f64 {
        self.smoothed.map_or(0.0, |(size, gap)| (1.0 - Self::CONSTANT / 2.0) * size / gap.max(1.0))
    }
}

impl Recursion for Croston {
    #[inline(always)]
    fn step(&mut self, value: f64) {
        if value <= 0.0 {
            self.interval += 1.0;
            return;
        }
        self.smoothed = Some(match self.smoothed {
            None => (value, self.interval),
            Some((size, gap)) => {
                (size + Self::CONSTANT * (value - size), gap + Self::CONSTANT * (self.interval - gap))
            }
        });
        self.interval = 1.0;
    }
}

/// Teunter, Syntetos and Babai (2011): the probability of a sale is updated every period, so that a dying product's
/// forecast decays. Constants 0.1 for the size, 0.05 for the probability. Both start at their means over the whole
/// beginning, so none can take up where another one ends: they run side by side.
#[inline(always)]
pub(crate) fn tsb(beginnings: &Beginnings<'_>, mut at_end: impl FnMut(Beginning, f64)) {
    let mut list: Vec<Beginning> = beginnings.iter().collect();
    list.sort_unstable_by_key(|one| one.end);
    for group in list.chunks(LANES) {
        let mut start = Sales::default();
        let (mut sums, mut count, mut seen) = (Sales::of(group), 0.0, 0);
        for (lane, one) in group.iter().enumerate() {
            for value in beginnings.values().get(seen..one.end).unwrap_or(&[]) {
                count += if *value > 0.0 { 1.0 } else { 0.0 };
                sums.add(*value);
            }
            seen = one.end;
            let (sum, _) = sums.lane(lane);
            start.set(lane, one.cap, sum / f64::max(count, 1.0), count / one.end.max(1) as f64);
        }
        seen = 0;
        for (lane, one) in group.iter().enumerate() {
            for value in beginnings.values().get(seen..one.end).unwrap_or(&[]) {
                start.smooth(*value);
            }
            seen = one.end;
            let (size, chance) = start.lane(lane);
            at_end(*one, size * chance);
        }
    }
}

/// Beginnings that run side by side.
const LANES: usize = 12;

/// Sizes of the sales and chances of one, each of another beginning of the same series.
#[derive(Debug, Clone, Copy, Default)]
struct Sales {
    caps: [f64; LANES],
    sizes: [f64; LANES],
    chances: [f64; LANES],
}

impl Sales {
    fn of(group: &[Beginning]) -> Self {
        let mut sales = Self::default();
        sales.caps.iter_mut().zip(group).for_each(|(cap, one)| *cap = one.cap);
        sales
    }

    fn lane(&self, lane: usize) -> (f64, f64) {
        self.sizes.get(lane).copied().zip(self.chances.get(lane).copied()).unwrap_or_default()
    }

    fn set(&mut self, lane: usize, cap: f64, size: f64, chance: f64) {
        let lanes = (self.caps.get_mut(lane), self.sizes.get_mut(lane), self.chances.get_mut(lane));
        if let (Some(caps), Some(sizes), Some(chances)) = lanes {
            (*caps, *sizes, *chances) = (cap, size, chance);
        }
    }

    #[inline(always)]
    fn add(&mut self, value: f64) {
        for (size, cap) in self.sizes.iter_mut().zip(&self.caps) {
            *size += if value < *cap { value } else { *cap };
        }
    }

    #[inline(always)]
    fn smooth(&mut self, value: f64) {
        let happened = if value > 0.0 { 1.0 } else { 0.0 };
        for ((size, chance), cap) in self.sizes.iter_mut().zip(&mut self.chances).zip(&self.caps) {
            let capped = if value < *cap { value } else { *cap };
            *chance += 0.05 * (happened - *chance);
            *size += happened * 0.1 * (capped - *size);
        }
    }
}

/// First sums that the smoothing of [`imapa`] starts from, and the fewest that count.
pub(crate) const HEAD: usize = 4;

/// Intermittent multiple aggregation (Petropoulos and Kourentzes 2015): mean of the optimised smoothing levels of sums over
/// 1 to `widest` periods, each brought back to one period; of too short a beginning the mean. `single` tells the level
/// of single periods where it is known already.
#[inline(always)]
pub(crate) fn imapa(
    beginnings: &Beginnings<'_>,
    widest: usize,
    single: Option<&[f64]>,
    mut at_end: impl FnMut(Beginning, f64),
) {
    let mut sums = vec![(0.0, 0.0); beginnings.iter().count()];
    let mut add = |one: Beginning, steps: usize, level: f64| {
        if let (HEAD.., Some((sum, count))) = (steps, sums.get_mut(one.number)) {
            *sum += level;
            *count += 1.0;
        }
    };
    for (one, level) in beginnings.iter().filter_map(|one| Some((one, single?.get(one.number)?))) {
        add(one, one.end - one.first, *level);
    }
    for width in 1 + usize::from(single.is_some())..=widest {
        let start = |head: &[f64]| Smoothing::new(&GRID, head);
        beginnings.run(width, HEAD, start, |one, steps, smoothing| {
            add(one, steps, smoothing.best().level / width as f64);
        });
    }
    for one in beginnings.iter() {
        let (sum, count) =
            sums.get(one.number).copied().filter(|(_, count)| *count > 0.0).unwrap_or_else(|| {
                beginnings
                    .last_of(one, usize::MAX)
                    .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0))
            });
        at_end(one, if count > 0.0 { sum / count } else { 0.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_fourth(size: f64, periods: usize) -> Vec<f64> {
        (0..periods).map(|t| if t % 4 == 3 { size } else { 0.0 }).collect()
    }

    /// Croston's, Teunter's and the aggregated level.
    fn levels(values: &[f64], widest: usize) -> (f64, f64, f64) {
        let whole = Beginnings::plain(values, &[values.len()]);
        let mut levels = (f64::NAN, f64::NAN, f64::NAN);
        whole.run(1, 0, |_| Croston::new(), |_, _, croston| levels.0 = croston.level());
        tsb(&whole, |_, level| levels.1 = level);
        imapa(&whole, widest, None, |_, level| levels.2 = level);
        levels
    }

    #[test]
    fn all_three_find_the_rate() {
        let (croston, tsb, imapa) = levels(&every_fourth(8.0, 200), 7);
        assert!((croston - 1.9).abs() < 0.01, "2 less the correction of a twentieth");
        assert!((tsb - 2.0).abs() < 0.25);
        assert!((imapa - 2.0).abs() < 0.5);
    }

    #[test]
    fn a_dying_product_decays_in_tsb_only() {
        let mut values = every_fourth(8.0, 200);
        values.extend([0.0; 60]);
        let (croston, tsb, _) = levels(&values, 7);
        assert!(tsb < 0.2 && croston > 1.5);
        assert_eq!(levels(&[], 3), (0.0, 0.0, 0.0));
    }
}

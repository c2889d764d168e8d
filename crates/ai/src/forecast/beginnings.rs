//! One pass for many origins: the beginnings of a series mostly begin alike, and so does what a recursion says of them.
//!
//! Every beginning has its outliers capped by a cap of its own, so two of them are alike only up to the first value that
//! one cap cuts and the other does not. A recursion goes over the common part once; its state at the fork is taken up
//! again for the next beginning. The result is the same to the bit as a fresh run over each beginning.

use super::smoothing::{last, median_deviation, quantile_in_place, sort, sorted_quantile};

/// Most sums that a recursion starts from.
pub(crate) const MOST_HEAD: usize = 16;

/// A method that goes over a series value by value.
pub(crate) trait Recursion: Copy {
    fn step(&mut self, value: f64);
}

/// Two side by side: neither waits for its own last step while the other works.
impl<A: Recursion, B: Recursion> Recursion for (A, B) {
    #[inline(always)]
    fn step(&mut self, value: f64) {
        self.0.step(value);
        self.1.step(value);
    }
}

/// One beginning of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Beginning {
    /// Position of the first value looked at.
    pub first: usize,
    /// Position after its last value.
    pub end: usize,
    /// Values above this count as this.
    pub cap: f64,
    /// Position of the first value above the cap.
    over: usize,
    /// Which of the lengths asked for this is.
    pub number: usize,
}

/// Beginnings of one series without gaps, in an order in which neighbours have much in common.
#[derive(Debug, Clone)]
pub(crate) struct Beginnings<'a> {
    values: &'a [f64],
    list: Vec<Beginning>,
}

impl<'a> Beginnings<'a> {
    /// Beginnings of the given lengths (ascending) without caps.
    pub(crate) fn plain(values: &'a [f64], lengths: &[usize]) -> Self {
        let of = |(number, end): (usize, &usize)| Beginning {
            first: 0,
            end: (*end).min(values.len()),
            cap: f64::INFINITY,
            over: usize::MAX,
            number,
        };
        Self { values, list: lengths.iter().enumerate().map(of).collect() }
    }

    /// The same with the outliers of each capped by [`caps`].
    pub(crate) fn calm(&self) -> Self {
        let mut list = self.list.clone();
        for (one, cap) in list.iter_mut().zip(caps(self.values, self.list.iter().map(|one| one.end))) {
            if let Some(over) = self.values.iter().position(|value| *value > cap) {
                (one.cap, one.over) = (cap, over);
            }
        }
        // The higher the cap, the later it cuts: each fork lies behind the one before.
        list.sort_by(|a, b| a.cap.total_cmp(&b.cap));
        Self { values: self.values, list }
    }

    /// The same, looking at the last `count` values of each only.
    pub(crate) fn recent(&self, count: usize) -> Self {
        let mut list = self.list.clone();
        list.iter_mut().for_each(|one| one.first = one.end.saturating_sub(count));
        Self { values: self.values, list }
    }

    /// Whether no value of any is above its cap.
    pub(crate) fn is_plain(&self) -> bool {
        self.list.iter().all(|one| one.over >= one.end)
    }

    /// Whether all begin with the series.
    pub(crate) fn is_whole(&self) -> bool {
        self.list.iter().all(|one| one.first == 0)
    }

    /// The last `count` values of one, capped.
    pub(crate) fn last_of(&self, one: Beginning, count: usize) -> impl Iterator<Item = f64> + 'a {
        let values = last(self.values.get(one.first..one.end).unwrap_or(&[]), count);
        values.iter().map(move |value| least(*value, one.cap))
    }

    /// The whole series, uncapped.
    pub(crate) fn values(&self) -> &'a [f64] {
        self.values
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Beginning> {
        self.list.iter().copied()
    }

    /// Runs a recursion over each beginning, in sums of `width` values that end with it, and shows the state at its end.
    ///
    /// `start` makes the first state from the first `head` sums (at most [`MOST_HEAD`], fewer when there are not as many).
    #[inline(always)]
    pub(crate) fn run<R: Recursion>(
        &self,
        width: usize,
        head: usize,
        start: impl Fn(&[f64]) -> R,
        mut at_end: impl FnMut(Beginning, usize, &R),
    ) {
        // States at the forks that are still to be taken, the last one the furthest.
        let mut forks: Vec<(usize, R)> = Vec::new();
        for phase in 0..width {
            let aligned = |one: &&Beginning| (one.end - one.first) % width == phase;
            let mut following = self.list.iter().filter(aligned).peekable();
            let mut current: Option<(usize, R)> = None;
            let mut common = 0;
            forks.clear();
            while let Some(one) = following.next() {
                let origin = one.first + phase;
                let steps = (one.end - origin) / width;
                let values = self.values.get(origin..one.end).unwrap_or(&[]);
                if current.is_none_or(|(time, _)| time > common) {
                    while forks.last().is_some_and(|(time, _)| *time > common) {
                        forks.pop();
                    }
                    current = forks.last().copied();
                }
                let (mut time, mut state) = current.filter(|(time, _)| *time >= head).unwrap_or_else(|| {
                    let mut heads = [0.0; MOST_HEAD];
                    let filled = head.min(MOST_HEAD).min(steps);
                    for (cell, sum) in heads.iter_mut().take(filled).zip(values.chunks_exact(width)) {
                        *cell = total(sum, one.cap);
                    }
                    (0, start(heads.get(..filled).unwrap_or(&heads)))
                });
                common = following.peek().map_or(0, |next| one.common(next).saturating_sub(origin) / width);
                if time < common && common < steps {
                    advance(&mut state, values, width, one.cap, time..common);
                    forks.push((common, state));
                    time = common;
                }
                advance(&mut state, values, width, one.cap, time..steps);
                at_end(*one, steps, &state);
                current = Some((steps, state));
            }
        }
    }
}

impl Beginning {
    /// Length up to which two beginnings of the same series are the same.
    fn common(&self, other: &Self) -> usize {
        let forked = if self.cap == other.cap { usize::MAX } else { self.over.min(other.over) };
        if self.first == other.first { forked.min(self.end).min(other.end) } else { 0 }
    }
}

#[inline(always)]
fn advance<R: Recursion>(
    state: &mut R,
    values: &[f64],
    width: usize,
    cap: f64,
    steps: std::ops::Range<usize>,
) {
    let values = values.get(steps.start * width..steps.end * width).unwrap_or(&[]);
    let mut running = *state;
    if width == 1 {
        for value in values {
            running.step(least(*value, cap));
        }
    } else {
        for sum in values.chunks_exact(width) {
            running.step(total(sum, cap));
        }
    }
    *state = running;
}

fn total(values: &[f64], cap: f64) -> f64 {
    values.iter().map(|value| least(*value, cap)).sum()
}

/// The smaller of two numbers, neither of which is NaN.
#[inline(always)]
fn least(value: f64, cap: f64) -> f64 {
    if value < cap { value } else { cap }
}

/// For each beginning (lengths ascending) the cap of its outliers: the median of its sales plus six times their median
/// absolute deviation (at least a quarter of the median), so that one wholesale order does not lift the level for weeks.
fn caps(values: &[f64], lengths: impl ExactSizeIterator<Item = usize>) -> Vec<f64> {
    let only_one = lengths.len() == 1;
    let mut sold: Vec<f64> = Vec::with_capacity(values.len());
    let mut seen = 0;
    lengths
        .map(|length| {
            let new = values.get(seen..length).unwrap_or(&[]).iter().copied().filter(|value| *value > 0.0);
            if seen == 0 {
                sold.extend(new);
                if !only_one {
                    sort(&mut sold);
                }
            } else {
                new.for_each(|value| sold.insert(sold.partition_point(|other| *other <= value), value));
            }
            seen = length;
            if only_one { cap_of(&mut sold) } else { cap_of_sorted(&sold) }
        })
        .collect()
}

const SPREADS: f64 = 6.0;

fn cap_of(sold: &mut [f64]) -> f64 {
    let middle = quantile_in_place(sold, 0.5);
    sold.iter_mut().for_each(|value| *value = (*value - middle).abs());
    middle + SPREADS * quantile_in_place(sold, 0.5).max(0.25 * middle)
}

/// As [`cap_of`], of sales in ascending order.
fn cap_of_sorted(sold: &[f64]) -> f64 {
    let middle = sorted_quantile(sold, 0.5);
    middle + SPREADS * median_deviation(sold, middle).max(0.25 * middle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::smoothing::median;
    use proptest::prelude::*;

    /// Remembers the head it started from and every value since.
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Trace(f64);

    impl Recursion for Trace {
        fn step(&mut self, value: f64) {
            self.0 = 0.9 * self.0 + (1.0 + value).ln();
        }
    }

    fn fresh(values: &[f64], width: usize, head: usize) -> Trace {
        let aligned = &values[values.len() % width..];
        let sums: Vec<f64> = aligned.chunks_exact(width).map(|sum| sum.iter().sum()).collect();
        let mut trace = Trace(sums.iter().take(head).sum());
        sums.iter().for_each(|sum| trace.step(*sum));
        trace
    }

    fn capped(values: &[f64]) -> Vec<f64> {
        let sold: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
        let middle = median(&sold);
        let distances: Vec<f64> = sold.iter().map(|value| (value - middle).abs()).collect();
        let cap = middle + 6.0 * median(&distances).max(0.25 * middle);
        values.iter().map(|value| value.min(cap)).collect()
    }

    proptest! {
        #[test]
        fn the_state_at_a_cut_is_that_of_a_fresh_run_on_the_shortened_series(
            values in prop::collection::vec(prop_oneof![Just(0.0), 0.0..9.0, 0.0..200.0], 0..60),
            shares in prop::collection::vec(0.0..1.0f64, 1..8),
            width in 1usize..5,
            head in 0usize..6,
            window in 5usize..80,
        ) {
            let mut lengths: Vec<usize> = shares.iter().map(|share| (share * values.len() as f64).round() as usize).collect();
            lengths.sort_unstable();
            let expected = |length: usize| {
                let calm = capped(&values[..length]);
                fresh(&calm[length.saturating_sub(window)..], width, head)
            };
            let beginnings = Beginnings::plain(&values, &lengths).calm().recent(window);
            let mut found = vec![None; lengths.len()];
            beginnings.run(width, head, |sums| Trace(sums.iter().sum()), |one, _, trace| found[one.number] = Some(*trace));
            for (length, trace) in lengths.iter().zip(found) {
                prop_assert_eq!(trace, Some(expected(*length)));
            }
        }
    }

    #[test]
    fn only_outliers_are_capped() {
        let values = [10.0, 12.0, 9.0, 11.0, 500.0, 0.0];
        let calm = Beginnings::plain(&values, &[4, 6]).calm();
        let of = |number| {
            calm.iter()
                .find(|one| one.number == number)
                .map(|one| calm.last_of(one, 9).collect::<Vec<f64>>())
                .unwrap()
        };
        assert_eq!(of(0), &values[..4]);
        assert_eq!(of(1)[..4], values[..4]);
        assert!(of(1)[4] < 40.0 && of(1)[5] == 0.0);
    }
}

//! The candidates that forecast a level, run on several beginnings of one series at once.

use super::beginnings::Beginnings;
use super::ets::{DampedTrend, half_trend};
use super::intermittent::{self, Croston};
use super::outlook::{Flat, Moving, Outlook};
use super::smoothing::{GRID, Smoothed, Smoothing, last, least, mean, medians};
use super::theta::DynamicTheta;

/// Values looked at by the methods that cost more than one pass.
pub(crate) const RECENT: usize = 182;

/// Most values that the level of a smoothing starts from.
const HEAD: usize = 14;

/// Fixed constants, then those of [`GRID`].
const CONSTANTS: [f64; 12] =
    [0.02, 0.1, 0.2, 0.4, GRID[0], GRID[1], GRID[2], GRID[3], GRID[4], GRID[5], GRID[6], GRID[7]];
const FIXED: [Flat; 4] = [Flat::SesVerySlow, Flat::SesSlow, Flat::SesMiddle, Flat::SesFast];

/// Writes the level paths and the scale into the outlooks, one for each of the `lengths` (ascending) of `values`, which
/// have neither gaps nor season. The paths are neither bounded nor seasonal yet.
#[inline(always)]
pub(crate) fn fill(
    values: &[f64],
    lengths: &[usize],
    windows: [usize; 3],
    outlooks: &mut [(usize, Outlook)],
) {
    let plain = Beginnings::plain(values, lengths);
    let calm = plain.calm();
    let recent = calm.recent(RECENT);
    smoothings(&plain, &calm, windows[0].min(HEAD), outlooks);
    moving(&recent, windows[0].min(HEAD), outlooks);
    gaps(&calm, &recent, windows[0], outlooks);
    of_windows(values, &calm, windows, outlooks);
}

#[inline(always)]
fn smoothings(plain: &Beginnings<'_>, calm: &Beginnings<'_>, head: usize, outlooks: &mut [(usize, Outlook)]) {
    let start = |head: &[f64]| (Smoothing::new(&CONSTANTS, head), Croston::new());
    calm.run(1, head, start, |one, steps, (smoothing, croston)| {
        let Some((_, outlook)) = outlooks.get_mut(one.number) else { return };
        outlook.set(Flat::CrostonSba, croston.level());
        let results = smoothing.results();
        let (fixed, grid) = results.split_at(FIXED.len());
        for (candidate, smoothed) in FIXED.into_iter().zip(fixed) {
            outlook.set(candidate, smoothed.level);
        }
        let Smoothed { level, squares } = least(grid);
        outlook.set(Flat::Ses, level);
        outlook.set(Flat::SesUncapped, level);
        let scale = (squares / steps.max(1) as f64).sqrt();
        outlook.scale = scale.max(0.05 * level).max(0.02);
    });
    if calm.is_plain() {
        return;
    }
    let start = |head: &[f64]| Smoothing::new(&GRID, head);
    plain.run(1, head, start, |one, _, smoothing| {
        if let Some((_, outlook)) = outlooks.get_mut(one.number) {
            outlook.set(Flat::SesUncapped, smoothing.best().level);
        }
    });
}

#[inline(always)]
fn moving(recent: &Beginnings<'_>, head: usize, outlooks: &mut [(usize, Outlook)]) {
    recent.run(1, head, DampedTrend::new, |one, _, trend| {
        if let Some((_, outlook)) = outlooks.get_mut(one.number) {
            outlook.set_path(Moving::DampedTrend, trend.path());
        }
    });
    let start = |_: &[f64]| DynamicTheta::new();
    recent.run(1, 0, start, |one, _, theta| {
        if let Some((_, outlook)) = outlooks.get_mut(one.number) {
            outlook.set_path(Moving::DynamicTheta, theta.path());
        }
    });
}

#[inline(always)]
fn gaps(calm: &Beginnings<'_>, recent: &Beginnings<'_>, short: usize, outlooks: &mut [(usize, Outlook)]) {
    intermittent::tsb(calm, |one, level| {
        if let Some((_, outlook)) = outlooks.get_mut(one.number) {
            outlook.set(Flat::Tsb, level);
        }
    });
    // With the same start and the same values the optimised smoothing is that of single periods.
    let single = (short.min(HEAD) == intermittent::HEAD && recent.is_whole())
        .then(|| outlooks.iter().map(|(_, outlook)| outlook.level(Flat::Ses)).collect::<Vec<f64>>());
    intermittent::imapa(recent, short.min(7), single.as_deref(), |one, level| {
        if let Some((_, outlook)) = outlooks.get_mut(one.number) {
            outlook.set(Flat::Imapa, level);
        }
    });
}

/// Medians, means and the trend of the last values.
#[inline(always)]
fn of_windows(values: &[f64], calm: &Beginnings<'_>, windows: [usize; 3], outlooks: &mut [(usize, Outlook)]) {
    let [short, middle, long] = windows;
    let mut window = Vec::with_capacity(long);
    for one in calm.iter() {
        let Some((_, outlook)) = outlooks.get_mut(one.number) else { continue };
        let known = values.get(..one.end).unwrap_or(values);
        let [a, b, c] = medians(known, windows);
        outlook.set(Flat::MedianShort, a);
        outlook.set(Flat::MedianMiddle, b);
        outlook.set(Flat::MedianLong, c);
        window.clear();
        window.extend(calm.last_of(one, long));
        outlook.set(Flat::MeanShort, mean(last(&window, short)));
        outlook.set(Flat::MeanMiddle, mean(last(&window, middle)));
        outlook.set_path(Moving::HalfTrend, half_trend(&window));
    }
}

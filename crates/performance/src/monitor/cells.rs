//! Histograms of requests in words that all workers share: one cell for each endpoint and step of time.
//!
//! Steps form a ring: a cell belongs to the step written in it, and the first worker that needs it for a new step empties
//! it. Every word is whole whatever happens to a worker; one killed while it emptied a cell makes that cell
//! refuse requests for the rest of the step. A request of the old step that arrives while a cell is emptied may be
//! counted in the new one.

use super::histogram::{self, BUCKETS};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Words in front of a cell's buckets.
const HEAD: usize = 9;
/// Words of a cell; two buckets share a word.
const CELL: usize = HEAD + BUCKETS / 2;
const EMPTYING: u64 = 1 << 63;

const STEP: usize = 0;
const COUNT: usize = 1;
const ERRORS: usize = 2;
const MAX: usize = 3;
/// Stored upside down (`u64::MAX` - value), so that zero means none.
const MIN: usize = 4;
const SUM: usize = 5;
const MEMORY: usize = 6;
const CPU: usize = 7;
const CPU_COUNT: usize = 8;

/// A request as cells count it.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Duration.
    pub micros: u64,
    /// Memory in KiB.
    pub memory_kib: u64,
    /// CPU in hundredths of a percent; `None` when it could not be read.
    pub cpu: Option<u64>,
    /// Status of 400 or more.
    pub failed: bool,
}

/// A ring of steps over some words.
#[derive(Clone, Copy)]
pub struct Ring<'a> {
    words: &'a [AtomicU64],
    steps: u64,
    endpoints: usize,
    /// Seconds of a step.
    seconds: u64,
}

impl<'a> Ring<'a> {
    /// A ring over the front of `words`.
    pub fn new(words: &'a [AtomicU64], steps: usize, endpoints: usize, seconds: u64) -> Self {
        Self { words, steps: steps as u64, endpoints, seconds }
    }

    /// Words that a ring needs.
    pub const fn words(steps: usize, endpoints: usize) -> usize {
        steps * endpoints * CELL
    }

    /// The step of a second since 1970. Steps are counted from 1970 too.
    pub fn step(&self, unix_seconds: u64) -> u64 {
        unix_seconds / self.seconds
    }

    /// Counts a request; false when its cell is being emptied by somebody else.
    pub fn add(&self, endpoint: usize, unix_seconds: u64, measured: Measured) -> bool {
        let step = self.step(unix_seconds);
        let Some(cell) = self.cell(endpoint, step) else { return false };
        if !claim(cell, step) {
            return false;
        }
        let add = |place: usize, amount: u64| {
            if let Some(word) = cell.get(place) {
                word.fetch_add(amount, Relaxed);
            }
        };
        add(COUNT, 1);
        add(ERRORS, u64::from(measured.failed));
        add(SUM, measured.micros);
        add(MEMORY, measured.memory_kib);
        if let Some(cpu) = measured.cpu {
            add(CPU, cpu);
            add(CPU_COUNT, 1);
        }
        let bucket = histogram::bucket(measured.micros);
        add(HEAD + bucket / 2, 1 << (32 * (bucket % 2)));
        let raise = |place: usize, value: u64| cell.get(place).map(|word| word.fetch_max(value, Relaxed));
        raise(MAX, measured.micros);
        raise(MIN, u64::MAX - measured.micros);
        true
    }

    /// Adds what was counted for an endpoint in a step to `sum`.
    pub fn read(&self, endpoint: usize, step: u64, sum: &mut Sum) {
        let Some(cell) = self.cell(endpoint, step) else { return };
        let load = |place: usize| cell.get(place).map_or(0, |word| word.load(Relaxed));
        if cell.first().is_none_or(|word| word.load(Acquire) != step) {
            return;
        }
        sum.count += load(COUNT);
        sum.errors += load(ERRORS);
        sum.sum_us += load(SUM);
        sum.memory_kib += load(MEMORY);
        sum.cpu += load(CPU);
        sum.cpu_count += load(CPU_COUNT);
        sum.max_us = sum.max_us.max(load(MAX));
        sum.min_us = sum.min_us.min(u64::MAX - load(MIN));
        let pairs = cell.iter().skip(HEAD).map(|word| word.load(Relaxed));
        for (pair, counts) in pairs.zip(sum.buckets.chunks_exact_mut(2)) {
            if let [low, high] = counts {
                *low += pair & u64::from(u32::MAX);
                *high += pair >> 32;
            }
        }
    }

    fn cell(&self, endpoint: usize, step: u64) -> Option<&'a [AtomicU64]> {
        let place =
            (step % self.steps) as usize * self.endpoints + endpoint.min(self.endpoints.saturating_sub(1));
        self.words.get(place * CELL..(place + 1) * CELL)
    }
}

/// Makes the cell one of this step. The step of a never used cell is 0, which no clock gives.
fn claim(cell: &[AtomicU64], step: u64) -> bool {
    let Some(owner) = cell.get(STEP) else { return false };
    let held = owner.load(Acquire);
    if held == step {
        return true;
    }
    // Late for a step that is over, or somebody empties it for this step now.
    if held & !EMPTYING >= step {
        return false;
    }
    if owner.compare_exchange(held, step | EMPTYING, AcqRel, Relaxed).is_err() {
        return owner.load(Acquire) == step;
    }
    cell.iter().skip(1).for_each(|word| word.store(0, Relaxed));
    owner.store(step, Release);
    true
}

/// Counts of several cells together.
#[derive(Debug, Clone)]
pub struct Sum {
    /// Requests.
    pub count: u64,
    /// Those with a status of 400 or more.
    pub errors: u64,
    /// Sum of durations.
    pub sum_us: u64,
    /// Longest.
    pub max_us: u64,
    /// Shortest; `u64::MAX` when none.
    pub min_us: u64,
    /// Sum of memory.
    pub memory_kib: u64,
    /// Sum of CPU in hundredths of a percent.
    pub cpu: u64,
    /// Requests whose CPU is in the sum.
    pub cpu_count: u64,
    /// Histogram of durations.
    pub buckets: Vec<u64>,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            count: 0,
            errors: 0,
            sum_us: 0,
            max_us: 0,
            min_us: u64::MAX,
            memory_kib: 0,
            cpu: 0,
            cpu_count: 0,
            buckets: vec![0; BUCKETS],
        }
    }
}

impl Sum {
    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.errors += other.errors;
        self.sum_us += other.sum_us;
        self.max_us = self.max_us.max(other.max_us);
        self.min_us = self.min_us.min(other.min_us);
        self.memory_kib += other.memory_kib;
        self.cpu += other.cpu;
        self.cpu_count += other.cpu_count;
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(own, more)| *own += more);
    }

    /// A quantile in milliseconds, never past the longest request seen.
    pub fn quantile_ms(&self, q: f64) -> f64 {
        histogram::quantile(&self.buckets, q).min(self.max_us as f64) / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(steps: usize, endpoints: usize) -> Vec<AtomicU64> {
        (0..Ring::words(steps, endpoints)).map(|_| AtomicU64::new(0)).collect()
    }

    fn measured(micros: u64) -> Measured {
        Measured { micros, memory_kib: 10, cpu: Some(50), failed: micros > 500 }
    }

    #[test]
    fn counts_by_endpoint_and_step() {
        let words = words(4, 3);
        let ring = Ring::new(&words, 4, 3, 60);
        for micros in [100, 300, 900] {
            assert!(ring.add(1, 6_000, measured(micros)));
        }
        ring.add(2, 6_000, measured(5));
        let mut sum = Sum::default();
        ring.read(1, 100, &mut sum);
        assert_eq!((sum.count, sum.errors, sum.sum_us, sum.min_us, sum.max_us), (3, 1, 1_300, 100, 900));
        assert_eq!((sum.memory_kib, sum.cpu, sum.cpu_count), (30, 150, 3));
        assert_eq!(sum.buckets.iter().sum::<u64>(), 3);
    }

    #[test]
    fn a_new_round_empties_the_cell_and_a_late_request_is_refused() {
        let words = words(4, 1);
        let ring = Ring::new(&words, 4, 1, 60);
        ring.add(0, 60 * 10, measured(1));
        assert!(ring.add(0, 60 * 14, measured(2)));
        assert!(!ring.add(0, 60 * 10, measured(1)));
        let mut sum = Sum::default();
        ring.read(0, 10, &mut sum);
        assert_eq!(sum.count, 0);
        ring.read(0, 14, &mut sum);
        assert_eq!((sum.count, sum.max_us), (1, 2));
    }

    #[test]
    fn a_worker_killed_while_emptying_costs_one_step() {
        let words = words(1, 1);
        let ring = Ring::new(&words, 1, 1, 60);
        words[STEP].store(7 | EMPTYING, Relaxed);
        assert!(!ring.add(0, 7 * 60, measured(1)));
        assert!(ring.add(0, 8 * 60, measured(1)));
    }

    #[test]
    fn threads_lose_nothing() {
        let words = words(2, 1);
        let ring = Ring::new(&words, 2, 1, 60);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..10_000).for_each(|n| assert!(ring.add(0, 600, measured(n)) || n < 1_000)));
            }
        });
        let mut sum = Sum::default();
        ring.read(0, 10, &mut sum);
        assert!(sum.count > 39_000 && sum.buckets.iter().sum::<u64>() == sum.count, "{}", sum.count);
    }
}

//! The words of the monitor: names, histograms by minute and by quarter of an hour, single requests. About 22 MB in
//! one file, all of it made at once.

use super::cells::{Measured, Ring};
use super::names::{self, ENDPOINTS, Names};
use super::samples::{self, Samples};
use meschain_base::Region;
use meschain_base::Result;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

const MAGIC: u64 = 0x4d43_4d4f_4e00_0001;
const DROPPED: usize = 1;
const NAMES_AT: usize = 8;
const FINE_AT: usize = NAMES_AT + names::WORDS;
const COARSE_AT: usize = FINE_AT + Ring::words(FINE_STEPS, ENDPOINTS);
const SAMPLES_AT: usize = COARSE_AT + Ring::words(COARSE_STEPS, ENDPOINTS);
const WORDS: usize = SAMPLES_AT + samples::WORDS;

/// Minutes kept one by one; the present one and those of an hour.
const FINE_STEPS: usize = 64;
/// Quarters of an hour kept; the present one and those of a day.
const COARSE_STEPS: usize = 100;
/// Seconds of a fine step.
pub const FINE_SECONDS: u64 = 60;
/// Seconds of a coarse step.
pub const COARSE_SECONDS: u64 = 900;

/// The monitor's memory.
pub struct Store {
    region: Region,
}

impl Store {
    /// In a file shared by the workers of this machine.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self { region: Region::open(path, WORDS, &[MAGIC])? })
    }

    /// In this process only.
    pub fn process() -> Self {
        Self { region: Region::process(WORDS) }
    }

    /// Endpoint names.
    pub fn names(&self) -> Names<'_> {
        Names(self.part(NAMES_AT, FINE_AT))
    }

    /// Histograms by minute.
    pub fn fine(&self) -> Ring<'_> {
        Ring::new(self.part(FINE_AT, COARSE_AT), FINE_STEPS, ENDPOINTS, FINE_SECONDS)
    }

    /// Histograms by quarter of an hour.
    pub fn coarse(&self) -> Ring<'_> {
        Ring::new(self.part(COARSE_AT, SAMPLES_AT), COARSE_STEPS, ENDPOINTS, COARSE_SECONDS)
    }

    /// Single requests.
    pub fn samples(&self) -> Samples<'_> {
        Samples::new(self.part(SAMPLES_AT, WORDS))
    }

    /// Counts a request in both rings.
    pub fn count(&self, endpoint: usize, unix_seconds: u64, measured: Measured) {
        let fine = self.fine().add(endpoint, unix_seconds, measured);
        let coarse = self.coarse().add(endpoint, unix_seconds, measured);
        if !(fine && coarse) {
            self.region.word(DROPPED).fetch_add(1, Relaxed);
        }
    }

    /// Requests that could not be counted.
    pub fn dropped(&self) -> u64 {
        self.region.word(DROPPED).load(Relaxed)
    }

    fn part(&self, from: usize, to: usize) -> &[AtomicU64] {
        self.region.words().get(from..to).unwrap_or_default()
    }
}

//! The forecasting model: what a whole catalogue teaches about each of its products.

use super::backtest::Blend;
use super::interval::{BUCKETS, Intervals, LEVELS};
use super::outlook::COUNT;
use super::scale::Level;
use super::series::LONGEST_HORIZON;
use super::shared::Shared;
use super::spread;
use crate::model_file::{FeatureShare, Header, ModelFile, ModelWriter, shares};
use indexmap::IndexMap;
use meschain_base::{Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// Kind of the model file.
pub const KIND: &str = "forecasting";
/// Version of the model file's layout.
pub const FORMAT: u32 = 2;

/// Figures on the newest horizon of the histories, held out before the final fit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PoolReport {
    /// Series of the catalogue.
    pub series: u64,
    /// Series that the weights were learned on.
    pub sampled: u64,
    /// Periods forecast ahead.
    pub horizon: u64,
    /// Weighted absolute percentage error: sum of absolute errors over sum of sales.
    pub wape: f64,
    /// The same of the (seasonal) naive forecast.
    pub baseline_wape: f64,
    /// Sum of forecasts over sum of sales, less 1.
    pub bias: f64,
    /// Share of held-out values inside the 90 % interval.
    pub coverage: f64,
    /// Held-out values; 0 when nothing was sold in them, which measures nothing.
    pub held_out: u64,
}

/// A trained pool: profile and event effects of the catalogue, weights of the candidates, calibrated intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    pub(crate) shared: Shared,
    /// Weights of the candidates.
    pub(crate) weights: [f64; COUNT],
    /// Brings the sum of all forecasts to the catalogue's expected total.
    pub(crate) level: Level,
    pub(crate) blend: Blend,
    pub(crate) intervals: Intervals,
    /// For each demand class, quantiles of summed errors.
    pub(crate) sums: Vec<Vec<f64>>,
    pub(crate) horizon: usize,
    pub(crate) report: PoolReport,
}

#[derive(Serialize, Deserialize)]
struct Parameters {
    horizon: usize,
    season: usize,
    level: Level,
    own: f64,
    margin: f64,
    report: PoolReport,
    #[serde(default)]
    importance: Vec<FeatureShare>,
    #[serde(default)]
    calibration: Option<Calibration>,
}

/// What the intervals promise and what they kept on the held-out horizon; their tables are tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Calibration {
    levels: Vec<f64>,
    coverage_90: f64,
    held_out: u64,
}

impl Pool {
    /// Figures on the held-out tail of the histories.
    pub fn report(&self) -> &PoolReport {
        &self.report
    }

    /// Horizon the pool was trained for; other horizons are served too.
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// The candidates that carry weight, by name.
    pub fn weights(&self) -> Vec<(&'static str, f64)> {
        let named = super::outlook::NAMES.into_iter().zip(self.weights.iter().copied());
        named.filter(|(_, weight)| *weight > 1e-4).collect()
    }

    /// The model as a file to be written. `created` is ISO 8601 UTC.
    pub fn writer(&self, created: String, seed: u64) -> Result<ModelWriter> {
        let parameters = Parameters {
            horizon: self.horizon,
            season: self.shared.season,
            level: self.level,
            own: self.blend.own,
            margin: self.blend.margin,
            report: self.report,
            importance: shares(self.weights()),
            calibration: Some(Calibration {
                levels: LEVELS.to_vec(),
                coverage_90: self.report.coverage,
                held_out: self.report.held_out,
            }),
        };
        let report = &self.report;
        let metrics = [
            ("wape", report.wape),
            ("baseline_wape", report.baseline_wape),
            ("bias", report.bias),
            ("coverage", report.coverage),
            ("held_out", report.held_out as f64),
        ];
        let mut writer = ModelWriter::new(Header {
            kind: KIND.to_owned(),
            format: FORMAT,
            created,
            seed,
            training_size: report.series,
            metrics: metrics.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            parameters: serde_json::to_value(parameters)
                .map_err(|error| Error::internal("pool parameters", error.to_string()))?,
        })?;
        writer.vector("season", &self.shared.indices)?;
        writer.strings("event_names", self.shared.events.keys())?;
        writer.vector("event_factors", &self.shared.events.values().copied().collect::<Vec<f64>>())?;
        writer.vector("weights", &self.weights)?;
        writer.vector("interval_lower", &self.intervals.lower)?;
        writer.vector("interval_upper", &self.intervals.upper)?;
        writer.vector("sums", &self.sums.concat())?;
        Ok(writer)
    }

    /// Opens and verifies a model file.
    pub fn open(path: &Path) -> Result<Self> {
        Self::of(ModelFile::open(path, KIND, FORMAT)?)
    }

    /// Reads an opened model file; refuses sizes and values that no training writes.
    pub fn of(file: Arc<ModelFile>) -> Result<Self> {
        let parameters: Parameters = serde_json::from_value(file.header().parameters.clone())
            .map_err(|error| file.corrupt(error.to_string()))?;
        let Parameters { horizon, season, level, own, margin, report, .. } = parameters;
        let vector = |name: &str, length: usize, least: f64| -> Result<Vec<f64>> {
            let values = file.slice_of::<f64>(name, length)?.to_vec();
            match values.iter().find(|v| !v.is_finite() || **v < least) {
                Some(bad) => Err(file.corrupt(format!("{name} holds {bad}"))),
                None => Ok(values),
            }
        };
        if !(1..=LONGEST_HORIZON).contains(&horizon) || season > 366 {
            return Err(file.corrupt("horizon or season out of range"));
        }
        if !level.is_sound() || ![own, margin].iter().all(|v| (0.0..=1.0).contains(v)) {
            return Err(file.corrupt("level or blend out of range"));
        }
        let names = file.strings("event_names")?;
        let factors = vector("event_factors", names.len(), 0.0)?;
        let events: IndexMap<String, f64> = names.iter().map(str::to_owned).zip(factors).collect();
        let any = f64::NEG_INFINITY;
        let table = BUCKETS * LEVELS.len();
        let sums = vector("sums", super::interval::CLASSES * spread::GRID.len(), any)?;
        Ok(Self {
            shared: Shared { season, indices: vector("season", season, 0.0)?, events },
            weights: vector("weights", COUNT, 0.0)?
                .try_into()
                .map_err(|_| file.corrupt("weights are not one a candidate"))?,
            level,
            blend: Blend { own, margin },
            intervals: Intervals {
                lower: vector("interval_lower", table, any)?,
                upper: vector("interval_upper", table, any)?,
            },
            sums: sums.chunks_exact(spread::GRID.len()).map(<[f64]>::to_vec).collect(),
            horizon,
            report,
        })
    }
}

//! Choosing settings on the newest slice of the training data, and measuring them on customers not used to choose.
//!
//! The slice is the last eighth of the time covered (7 to 42 days). A product bought once, within the slice, is new to
//! its customer then; one bought more often and again within the slice counts as known before (its earlier purchases
//! are not dated, so it is taken as bought three weeks before the slice).

use super::evaluate::at_20;
use super::matrix::{Cell, Matrix};
use super::neighbors::{Lists, strongest};
use super::rank::{Settings, repeats, spread};
use super::repeat::{self, Repeats};
use crate::model_file::FeatureShare;
use indexmap::IndexMap;
use meschain_base::{Progress, Result};

/// Best-selling products the settings are chosen on; keeps choosing cheap beside training.
const MOST_ITEMS: usize = 1_200;
/// Customers the settings are chosen on, and as many again to measure them.
const MOST_CUSTOMERS: usize = 600;
/// Fewer customers than this choose nothing.
const LEAST_CUSTOMERS: usize = 30;
/// The half of the customers that settings are chosen on, and the half that they are measured on.
pub(super) const CHOOSING: usize = 0;
pub(super) const HELD_OUT: usize = 1;

/// A customer at the beginning of the slice.
struct Case {
    known: Vec<Cell>,
    /// New to him within the slice.
    new: Vec<u32>,
    /// Known to him, and bought again within the slice.
    again: Vec<u32>,
}

/// The slice: what was known at its beginning, and what came.
pub struct Slice {
    history: Matrix,
    cases: Vec<Case>,
    buyers: Vec<u32>,
    repeats: Repeats,
}

/// What was chosen: settings, and which of the candidates for the neighbour lists.
pub struct Chosen {
    pub settings: Settings,
    pub candidate: usize,
    pub metrics: IndexMap<String, f64>,
    pub importance: Vec<FeatureShare>,
}

impl Slice {
    /// Cuts the slice off; `None` when too few customers bought before and in it.
    pub fn cut(matrix: &Matrix) -> Option<Self> {
        let span = matrix.rows.iter().flatten().map(|cell| cell.age).fold(0f32, f32::max);
        let days = (span / 8.0).clamp(7.0, 42.0);
        let within = |cell: &Cell| cell.age < days;
        let before = |cell: &Cell| match (within(cell), cell.times) {
            (false, _) => Some(Cell { age: cell.age - days, ..*cell }),
            (true, 0 | 1) => None,
            (true, times) => Some(Cell { times: times - 1, age: 21.0, ..*cell }),
        };
        let known = |cells: &Vec<Cell>| cells.iter().filter_map(before).collect::<Vec<_>>();
        let whole = Matrix { rows: matrix.rows.iter().map(known).collect(), items: matrix.items };
        let keep = best_sellers(&whole);
        let history = whole.restricted(&keep);
        let newest = Matrix {
            rows: matrix
                .rows
                .iter()
                .map(|cells| cells.iter().filter(|c| within(c)).copied().collect())
                .collect(),
            items: matrix.items,
        };
        let mut cases = Vec::new();
        for (known, bought) in history.rows.iter().zip(newest.restricted(&keep).rows) {
            let (new, again): (Vec<Cell>, Vec<Cell>) = bought.into_iter().partition(|cell| cell.times <= 1);
            let places = |cells: Vec<Cell>| cells.into_iter().map(|cell| cell.item).collect::<Vec<_>>();
            if !known.is_empty() && !new.is_empty() {
                cases.push(Case { known: known.clone(), new: places(new), again: places(again) });
            }
        }
        let step = cases.len().div_ceil(2 * MOST_CUSTOMERS).max(1);
        let cases: Vec<Case> = cases.into_iter().step_by(step).collect();
        let (buyers, repeats) = (history.buyers(), repeat::repeats(&history, span - days));
        (cases.len() >= LEAST_CUSTOMERS).then_some(Self { history, cases, buyers, repeats })
    }

    /// What was bought before the slice, of its best-selling products.
    pub fn history(&self) -> &Matrix {
        &self.history
    }

    /// The best of `candidates` (each makes its neighbour lists from [`Slice::history`]) and the best settings with it,
    /// one after another, by NDCG@20 on every second customer; metrics are from the others.
    pub fn choose(
        &self,
        candidates: usize,
        lists: impl Fn(usize) -> Result<Lists>,
        progress: &Progress,
    ) -> Result<Chosen> {
        let mut settings = Settings::default();
        let (mut candidate, mut best, mut near) = (0, f64::MIN, Lists::new());
        for number in 0..candidates {
            progress.check()?;
            let tried = lists(number)?;
            let (ndcg, _) = self.score(Some(&tried), &settings, CHOOSING, false);
            if ndcg > best {
                (candidate, best, near) = (number, ndcg, tried);
            }
        }
        let days =
            [10.0, 20.0, 40.0, 80.0, 160.0, 1e6].map(|history_days| Settings { history_days, ..settings });
        settings = self.better(&near, settings, &days, false, progress)?;
        for trend_days in [15.0, 30.0, 60.0] {
            let powers =
                [0.0, 0.3, 0.6, 0.9].map(|trend_power| Settings { trend_days, trend_power, ..settings });
            settings = self.better(&near, settings, &powers, false, progress)?;
        }
        let weights =
            [0.0, 0.5, 1.0, 2.0, 4.0, 8.0].map(|repeat_weight| Settings { repeat_weight, ..settings });
        settings = self.better(&near, settings, &weights, true, progress)?;
        Ok(self.measured(&near, settings, candidate))
    }

    /// Settings with their figures.
    pub fn measured(&self, near: &Lists, settings: Settings, candidate: usize) -> Chosen {
        let (metrics, importance) = (self.metrics(near, &settings), self.importance(near, &settings));
        Chosen { settings, candidate, metrics, importance }
    }

    /// Figures on the customers that chose nothing, beside best sellers (minus what the customer has) on the same.
    fn metrics(&self, near: &Lists, settings: &Settings) -> IndexMap<String, f64> {
        let (ndcg, recall) = self.score(Some(near), settings, HELD_OUT, false);
        let plain = Settings { trend_power: 0.0, ..*settings };
        let (baseline_ndcg, baseline_recall) = self.score(None, &plain, HELD_OUT, false);
        let metrics = [
            ("ndcg20", ndcg),
            ("recall20", recall),
            ("baseline_ndcg20", baseline_ndcg),
            ("baseline_recall20", baseline_recall),
            ("held_out", (self.cases.len() / 2) as f64),
        ];
        metrics.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn better(
        &self,
        near: &Lists,
        now: Settings,
        candidates: &[Settings],
        again: bool,
        progress: &Progress,
    ) -> Result<Settings> {
        let mut best = (self.score(Some(near), &now, CHOOSING, again).0, now);
        for candidate in candidates.iter().filter(|candidate| **candidate != now) {
            progress.check()?;
            let ndcg = self.score(Some(near), candidate, CHOOSING, again).0;
            if ndcg > best.0 {
                best = (ndcg, *candidate);
            }
        }
        Ok(best.1)
    }

    fn of_half(&self, half: usize) -> impl Iterator<Item = &Case> {
        self.cases.iter().skip(half).step_by(2)
    }

    /// Mean NDCG@20 and Recall@20 over one half of the customers; with `again`, of new products and repeats together. Without neighbour
    /// lists, what sells best is recommended to everybody.
    pub(super) fn score(
        &self,
        near: Option<&Lists>,
        settings: &Settings,
        half: usize,
        again: bool,
    ) -> (f64, f64) {
        let lift = settings.lift(&self.history.recent(settings.trend_days), &self.buyers);
        let sold: Vec<f32> = self.buyers.iter().map(|buyers| *buyers as f32).collect();
        let mut scores = vec![0f32; self.history.items];
        mean(self.of_half(half).map(|case| {
            match near {
                None => scores.copy_from_slice(&sold),
                Some(near) => {
                    scores.fill(0.0);
                    let neighbors = |item: u32| near.get(item as usize).into_iter().flatten().copied();
                    spread(&case.known, settings, neighbors, |item, part, _| {
                        scores.get_mut(item as usize).into_iter().for_each(|score| *score += part);
                    });
                }
            }
            scores.iter_mut().zip(&lift).for_each(|(score, lift)| *score *= lift);
            for cell in &case.known {
                scores.get_mut(cell.item as usize).into_iter().for_each(|score| *score = 0.0);
            }
            if again {
                let best = scores.iter().copied().fold(0f32, f32::max);
                let habits = |item: u32| {
                    Some((
                        *self.repeats.share.get(item as usize)?,
                        *self.repeats.interval.get(item as usize)?,
                    ))
                };
                for (item, score) in repeats(&case.known, settings, best, habits) {
                    scores.get_mut(item as usize).into_iter().for_each(|own| *own = score);
                }
            }
            let wanted: Vec<u32> =
                if again { case.new.iter().chain(&case.again).copied().collect() } else { case.new.clone() };
            at_20(&first_20(&scores), &wanted)
        }))
    }
}

fn best_sellers(matrix: &Matrix) -> Vec<u32> {
    let buyers = matrix.buyers();
    let counted = buyers.iter().enumerate().map(|(item, buyers)| (item as u32, *buyers as f32)).collect();
    let mut keep: Vec<u32> = strongest(counted, MOST_ITEMS).into_iter().map(|(item, _)| item).collect();
    keep.sort_unstable();
    keep
}

fn first_20(scores: &[f32]) -> Vec<u32> {
    let all = scores.iter().enumerate().map(|(item, score)| (item as u32, *score)).collect();
    strongest(all, 20).into_iter().map(|(item, _)| item).collect()
}

fn mean(scores: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let (count, first, second) =
        scores.fold((0.0, 0.0, 0.0), |sum, one| (sum.0 + 1.0, sum.1 + one.0, sum.2 + one.1));
    let count = f64::max(count, 1.0);
    (first / count, second / count)
}

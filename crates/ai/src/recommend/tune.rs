//! Choosing settings on the newest slice of the training data, and measuring them on customers not used to choose.

use super::evaluate::at_20;
use super::neighbors::{Lists, strongest};
use super::rank::{Settings, repeats, spread};
use super::slice::{Case, Slice, Tells};
use crate::model_file::FeatureShare;
use indexmap::IndexMap;
use meschain_base::{Progress, Result};

/// Candidates that are tried in any case; those after them only while the last one tried is the best.
const TRIED: usize = 4;
/// The half of the customers that settings are chosen on, and the half that they are measured on.
pub(super) const CHOOSING: usize = 0;
pub(super) const HELD_OUT: usize = 1;

/// What was chosen: settings, and which of the candidates for the neighbour lists.
pub struct Chosen {
    pub settings: Settings,
    pub candidate: usize,
    pub metrics: IndexMap<String, f64>,
    pub importance: Vec<FeatureShare>,
}

impl Chosen {
    /// Where there is nothing to measure on.
    pub fn unmeasured(settings: Settings, candidate: usize) -> Self {
        Self { settings, candidate, metrics: IndexMap::new(), importance: Vec::new() }
    }
}

impl Slice {
    /// The best of `candidates` (each makes its neighbour lists from [`Slice::history`]), tried in turn, and the best settings with it,
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
            if number >= TRIED && candidate + 1 < number {
                break;
            }
            let tried = lists(number)?;
            let (ndcg, _) = self.score(Some(&tried), &settings, CHOOSING, false);
            if ndcg > best {
                (candidate, best, near) = (number, ndcg, tried);
            }
        }
        if self.tells == Tells::Company {
            // A figure of the past would pass for one of the future.
            return Ok(Chosen::unmeasured(settings, candidate));
        }
        if self.tells == Tells::Habits {
            let days = [10.0, 20.0, 40.0, 80.0, 160.0, 1e6]
                .map(|history_days| Settings { history_days, ..settings });
            settings = self.better(&near, settings, &days, false, progress)?;
        }
        for trend_days in [15.0, 30.0, 60.0] {
            let powers =
                [0.0, 0.3, 0.6, 0.9].map(|trend_power| Settings { trend_days, trend_power, ..settings });
            settings = self.better(&near, settings, &powers, false, progress)?;
        }
        if self.tells == Tells::Habits {
            let weights =
                [0.0, 0.5, 1.0, 2.0, 4.0, 8.0].map(|repeat_weight| Settings { repeat_weight, ..settings });
            settings = self.better(&near, settings, &weights, true, progress)?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::slice::tests::matrix;

    #[test]
    fn candidates_are_tried_on_while_each_is_better_than_the_last() {
        let slice = Slice::part(&matrix(100, 5, |_, _| 0.0)).unwrap();
        // From one candidate to the next more products know what is bought with them.
        let tried = std::cell::Cell::new(0);
        let lists = |number: usize, last: usize| -> Lists {
            tried.set(tried.get().max(number + 1));
            let known = 5 * (number.min(last) as u32 + 1);
            let near = |item: u32| (1..5).map(|step| ((item + step) % 40, 1.0)).collect();
            (0..40).map(|item| if item < known { near(item) } else { Vec::new() }).collect()
        };
        let of = |last: usize| {
            tried.set(0);
            let chosen = slice.choose(9, |number| Ok(lists(number, last)), &Progress::silent()).unwrap();
            (chosen.candidate, tried.get())
        };
        assert_eq!(of(2), (2, TRIED));
        let (candidate, count) = of(4);
        assert!(candidate >= TRIED && count == candidate + 2, "{candidate} {count}");
    }

    #[test]
    fn dates_that_tell_nothing_choose_what_goes_together_alone() {
        // Long ago all at once, and lately one who bought one thing.
        let slice =
            Slice::part(&matrix(100, 5, |customer, _| if customer == 0 { 0.0 } else { 300.0 })).unwrap();
        assert_eq!(slice.tells, Tells::Company);
        let chosen = slice.choose(1, |_| Ok(vec![Vec::new(); 40]), &Progress::silent()).unwrap();
        assert!(chosen.metrics.is_empty() && chosen.settings == Settings::default());
    }
}

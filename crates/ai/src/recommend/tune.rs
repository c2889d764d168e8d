//! Choosing settings on the newest slice of the training data, and measuring them on customers not used to choose.
//!
//! The slice is the last eighth of the time covered (7 to 42 days). A product bought once, within the slice, is new to
//! its customer then; one bought more often and again within the slice counts as known before (its earlier purchases
//! are not dated, so it is taken as bought three weeks before the slice).
//!
//! Where too few customers came back within the slice, those who came for the first time stand for them: half of what they bought is known,
//! the other half is new. Where these are too few as well, or nothing is dated, a fifth of all purchases is held out, which
//! says what goes together and nothing about time.

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
/// Where time tells too little, one purchase of so many is held out.
const ONE_OF: usize = 5;
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

/// What the cases of a slice can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// What goes together.
    Company,
    /// How much what sells is lifted, too.
    Sales,
    /// And how fast a purchase is forgotten, and when it is made again.
    Habits,
}

/// The slice: what was known at its beginning, and what came.
pub struct Slice {
    history: Matrix,
    cases: Vec<Case>,
    buyers: Vec<u32>,
    repeats: Repeats,
    tells: Tells,
}

/// What was chosen: settings, and which of the candidates for the neighbour lists.
pub struct Chosen {
    pub settings: Settings,
    pub candidate: usize,
    pub metrics: IndexMap<String, f64>,
    pub importance: Vec<FeatureShare>,
}

impl Case {
    /// Of a customer who was known before the slice; `None` when he bought nothing new.
    fn returned(known: &[Cell], bought: Vec<Cell>) -> Option<Self> {
        let (new, again): (Vec<Cell>, Vec<Cell>) = bought.into_iter().partition(|cell| cell.times <= 1);
        (!new.is_empty()).then(|| Self { known: known.to_vec(), new: places(&new), again: places(&again) })
    }

    /// One of `of` purchases is new, the others are known; `None` when one of both is nothing.
    fn parted(bought: Vec<Cell>, of: usize, shift: usize) -> Option<Self> {
        let (new, known): (Vec<_>, Vec<_>) =
            bought.into_iter().enumerate().partition(|(at, _)| (at + shift).is_multiple_of(of));
        let cells = |part: Vec<(usize, Cell)>| part.into_iter().map(|(_, cell)| cell).collect::<Vec<_>>();
        let (new, known) = (places(&cells(new)), cells(known));
        (!new.is_empty() && !known.is_empty()).then(|| Self { known, new, again: Vec::new() })
    }
}

fn places(cells: &[Cell]) -> Vec<u32> {
    cells.iter().map(|cell| cell.item).collect()
}

impl Chosen {
    /// Where there is nothing to measure on.
    pub fn unmeasured(settings: Settings, candidate: usize) -> Self {
        Self { settings, candidate, metrics: IndexMap::new(), importance: Vec::new() }
    }
}

impl Slice {
    /// Cuts the slice off; `None` when there are too few customers to choose on.
    pub fn cut(matrix: &Matrix) -> Option<Self> {
        let span = matrix.rows.iter().flatten().map(|cell| cell.age).fold(0f32, f32::max);
        let days = (span / 8.0).clamp(7.0, 42.0);
        let within = |cell: &Cell| cell.age < days;
        let before = |cell: &Cell| match (within(cell), cell.times) {
            (false, _) => Some(Cell { age: cell.age - days, ..*cell }),
            (true, 0 | 1) => None,
            (true, times) => Some(Cell { times: times - 1, age: 21.0, ..*cell }),
        };
        let history = Matrix { rows: matrix.mapped(before), items: matrix.items };
        let keep = best_sellers(&history);
        let history = history.restricted(&keep);
        let newest =
            Matrix { rows: matrix.mapped(|cell| within(cell).then_some(*cell)), items: matrix.items };
        let newest = newest.restricted(&keep);
        let (returned, first): (Vec<_>, Vec<_>) =
            history.rows.iter().zip(newest.rows).partition(|(known, _)| !known.is_empty());
        let returned: Vec<Case> =
            returned.into_iter().filter_map(|(known, bought)| Case::returned(known, bought)).collect();
        let (cases, tells) = if returned.len() >= LEAST_CUSTOMERS {
            (returned, Tells::Habits)
        } else {
            (first.into_iter().filter_map(|(_, bought)| Case::parted(bought, 2, 0)).collect(), Tells::Sales)
        };
        Self::of(history, cases, span - days, tells)
    }

    /// Holds out a fifth of every customer's purchases, whenever they were; `None` as for [`Slice::cut`].
    pub fn part(matrix: &Matrix) -> Option<Self> {
        let span = matrix.rows.iter().flatten().map(|cell| cell.age).fold(0f32, f32::max);
        let core = matrix.restricted(&best_sellers(matrix));
        let parted = |(row, cells): (usize, &Vec<Cell>)| Case::parted(cells.clone(), ONE_OF, row);
        let cases: Vec<Option<Case>> = core.rows.iter().enumerate().map(parted).collect();
        let known =
            core.rows.iter().zip(&cases).map(|(cells, case)| case.as_ref().map_or(cells, |case| &case.known));
        let history = Matrix { rows: known.cloned().collect(), items: core.items };
        // Without any dates, lately is ever.
        let tells = if span > 0.0 { Tells::Company } else { Tells::Sales };
        Self::of(history, cases.into_iter().flatten().collect(), span, tells)
    }

    fn of(history: Matrix, cases: Vec<Case>, days: f32, tells: Tells) -> Option<Self> {
        let step = cases.len().div_ceil(2 * MOST_CUSTOMERS).max(1);
        let cases: Vec<Case> = cases.into_iter().step_by(step).collect();
        let (buyers, repeats) = (history.buyers(), repeat::repeats(&history, days));
        let is_enough = cases.len() >= LEAST_CUSTOMERS && history.rows.iter().any(|row| !row.is_empty());
        is_enough.then_some(Self { history, cases, buyers, repeats, tells })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Customers who each buy `count` of 40 products, each so many days ago.
    fn matrix(customers: usize, count: u32, age: impl Fn(usize, u32) -> f32) -> Matrix {
        let row = |customer: usize| {
            let cell = |step: u32| Cell {
                item: (customer as u32 * 3 + step) % 40,
                times: 1,
                age: age(customer, step),
            };
            let mut cells: Vec<Cell> = (0..count).map(cell).collect();
            cells.sort_by_key(|cell| cell.item);
            cells
        };
        Matrix { rows: (0..customers).map(row).collect(), items: 40 }
    }

    #[test]
    fn customers_who_come_back_tell_of_their_habits() {
        let slice = Slice::cut(&matrix(100, 8, |customer, step| (customer % 20 + 10 * step as usize) as f32))
            .unwrap();
        assert_eq!(slice.tells, Tells::Habits);
        let known = slice.cases.iter().flat_map(|case| &case.known);
        assert!(known.clone().count() > 0 && known.clone().all(|cell| cell.age >= 0.0));
    }

    #[test]
    fn where_nobody_comes_back_newcomers_tell_what_sells() {
        let slice = Slice::cut(&matrix(400, 4, |customer, _| customer as f32)).unwrap();
        assert_eq!(slice.tells, Tells::Sales);
        assert!(slice.cases.iter().all(|case| case.known.len() == 2 && case.new.len() == 2));
        let seen = slice.history.rows.iter().filter(|row| !row.is_empty()).count();
        assert!(seen < 400, "what they buy in the slice is not known before it");
    }

    #[test]
    fn without_dates_a_part_of_all_purchases_is_held_out() {
        let undated = matrix(100, 5, |_, _| 0.0);
        assert!(Slice::cut(&undated).is_none());
        let slice = Slice::part(&undated).unwrap();
        assert_eq!(slice.tells, Tells::Sales);
        assert_eq!(slice.cases.len(), 100);
        for (known, case) in slice.history.rows.iter().zip(&slice.cases) {
            assert!(*known == case.known && known.len() == 4 && case.new.len() == 1);
        }
        let few = matrix(10, 5, |_, _| 0.0);
        assert!(Slice::part(&few).is_none());
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

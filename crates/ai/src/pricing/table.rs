//! The model's rows by column, read where they lie in the model's file: a worker holds nothing of them.

use super::features::CategoryPace;
use super::model::Coefficients;
use crate::model_file::{ModelFile, ModelWriter, Slice};
use meschain_base::Result;

/// Kind of the row of the whole store; its key is 0.
pub(super) const STORE: u8 = 0;
/// Kind of a category's row.
pub(super) const CATEGORY: u8 = 1;
/// Kind of a product's row.
pub(super) const PRODUCT: u8 = 2;

/// Rows by ascending kind and key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    kind: Slice<u8>,
    key: Slice<u64>,
    level: Slice<f64>,
    variance: Slice<f64>,
    units: Slice<f64>,
    weeks: Slice<u32>,
    price_levels: Slice<u32>,
    group: Slice<u64>,
    recent: Slice<f32>,
    before: Slice<f32>,
    /// `size` numbers a row.
    coefficients: Slice<f64>,
    size: usize,
    /// Product rows that have a category, by category and then by units lately.
    by_category: Slice<u32>,
    /// Places in ascending order, of a file of before rows were kept so.
    order: Option<Vec<u32>>,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub level: f64,
    pub variance: f64,
    pub units: f64,
    pub weeks: u32,
    pub price_levels: u32,
    pub group: u64,
    pub values: &'a [f64],
}

impl Table {
    /// Of rows with `size` coefficients each.
    pub(super) fn new(mut rows: Vec<Coefficients>, size: usize) -> Self {
        rows.sort_by_key(|row| (row.kind, row.key));
        fn column<T: crate::model_file::Element>(
            rows: &[Coefficients],
            of: impl Fn(&Coefficients) -> T,
        ) -> Slice<T> {
            Slice::of(&rows.iter().map(of).collect::<Vec<T>>())
        }
        let values: Vec<f64> = rows.iter().flat_map(|row| row.values.iter().copied()).collect();
        let kind = column(&rows, |row| row.kind);
        let (group, recent) = (column(&rows, |row| row.group), column(&rows, |row| row.pace.0));
        let by_category = Slice::of(&by_category(&kind, &group, &recent));
        Self {
            key: column(&rows, |row| row.key),
            level: column(&rows, |row| row.level),
            variance: column(&rows, |row| row.variance),
            units: column(&rows, |row| row.units),
            weeks: column(&rows, |row| row.weeks),
            price_levels: column(&rows, |row| row.price_levels),
            before: column(&rows, |row| row.pace.1),
            coefficients: Slice::of(&values),
            kind,
            group,
            recent,
            size,
            by_category,
            order: None,
        }
    }

    pub(super) fn write(&self, writer: &mut ModelWriter) -> Result<()> {
        writer.vector("kind", &self.kind)?;
        writer.vector("key", &self.key)?;
        writer.vector("level", &self.level)?;
        writer.vector("variance", &self.variance)?;
        writer.vector("weeks", &self.weeks)?;
        writer.vector("price_levels", &self.price_levels)?;
        writer.vector("units", &self.units)?;
        writer.vector("group", &self.group)?;
        writer.vector("recent", &self.recent)?;
        writer.vector("before", &self.before)?;
        writer.vector("by_category", &self.by_category)?;
        writer.vector("coefficients", &self.coefficients)
    }

    /// Reads a file whose rows have `size` coefficients; refuses sizes and values that no training writes. Files of before there were
    /// categories, or an order of rows, serve on.
    pub(super) fn read(file: &ModelFile, size: usize) -> Result<Self> {
        let kind = file.slice::<u8>("kind")?;
        let count = kind.len();
        let cells = count.checked_mul(size).ok_or_else(|| file.corrupt("too many coefficients"))?;
        let numbers = |name: &str, length: usize| -> Result<Slice<f64>> {
            let values = file.slice_of::<f64>(name, length)?;
            match values.iter().find(|value| !value.is_finite()) {
                Some(bad) => Err(file.corrupt(format!("{name} holds {bad}"))),
                None => Ok(values),
            }
        };
        let rates = |name: &str| -> Result<Slice<f32>> {
            let values = file.slice_of::<f32>(name, count)?;
            match values.iter().find(|value| !value.is_finite()) {
                Some(bad) => Err(file.corrupt(format!("{name} holds {bad}"))),
                None => Ok(values),
            }
        };
        let (group, recent, before) = if file.shape("group").is_ok() {
            (file.slice_of::<u64>("group", count)?, rates("recent")?, rates("before")?)
        } else {
            let none = Slice::of(&vec![0f32; count]);
            (Slice::of(&vec![0u64; count]), none.clone(), none)
        };
        let by_category = if file.shape("by_category").is_ok() {
            file.slice::<u32>("by_category")?
        } else {
            Slice::of(&by_category(&kind, &group, &recent))
        };
        let place = |row: &u32| (group.get(*row as usize), recent.get(*row as usize));
        if !by_category.iter().all(|row| (*row as usize) < count)
            || !by_category.is_sorted_by(|a, b| place(a) <= place(b))
        {
            return Err(file.corrupt("by_category"));
        }
        let coefficients = numbers("coefficients", cells)?;
        if coefficients.chunks_exact(size).any(|row| row.first().is_none_or(|elasticity| *elasticity >= 0.0))
        {
            return Err(file.corrupt("an elasticity is not negative"));
        }
        let key = file.slice_of::<u64>("key", count)?;
        let order = order(&kind, &key);
        Ok(Self {
            level: numbers("level", count)?,
            variance: numbers("variance", count)?,
            units: numbers("units", count)?,
            weeks: file.slice_of("weeks", count)?,
            price_levels: file.slice_of("price_levels", count)?,
            kind,
            key,
            group,
            recent,
            before,
            coefficients,
            size,
            by_category,
            order,
        })
    }

    /// The row of a kind and key.
    pub(super) fn row(&self, kind: u8, key: u64) -> Option<Row<'_>> {
        let name = |at: usize| (self.kind.get(at).copied(), self.key.get(at).copied());
        let wanted = (Some(kind), Some(key));
        let at = match &self.order {
            None => partition(self.kind.len(), |at| name(at) < wanted),
            Some(order) => {
                let at = order.partition_point(|at| name(*at as usize) < wanted);
                *order.get(at)? as usize
            }
        };
        (name(at) == wanted).then_some(())?;
        Some(Row {
            level: *self.level.get(at)?,
            variance: *self.variance.get(at)?,
            units: *self.units.get(at)?,
            weeks: *self.weeks.get(at)?,
            price_levels: *self.price_levels.get(at)?,
            group: *self.group.get(at)?,
            values: self.coefficients.get(at * self.size..(at + 1) * self.size)?,
        })
    }

    /// Product rows.
    pub(super) fn products(&self) -> usize {
        self.kind.iter().filter(|kind| **kind == PRODUCT).count()
    }

    /// How the products of a category sold; `None` for one that has none.
    pub(super) fn category(&self, group: u64) -> Option<CategoryPace<'_>> {
        let of = |row: &u32| self.group.get(*row as usize).copied().unwrap_or(u64::MAX);
        let from = self.by_category.partition_point(|row| of(row) < group);
        let to = self.by_category.partition_point(|row| of(row) <= group);
        let rows = self.by_category.get(from..to).filter(|rows| !rows.is_empty())?;
        Some(CategoryPace::new(rows, &self.recent, &self.before))
    }
}

fn by_category(kind: &[u8], group: &[u64], recent: &[f32]) -> Vec<u32> {
    let place = |row: &u32| (group.get(*row as usize).copied().unwrap_or(0), *row as usize);
    let known = kind.iter().zip(group).zip(0u32..);
    let known = known.filter(|((kind, group), _)| **kind == PRODUCT && **group != 0);
    let mut rows: Vec<u32> = known.map(|(_, row)| row).collect();
    rows.sort_by(|a, b| {
        let ((group_a, a), (group_b, b)) = (place(a), place(b));
        let rate = |at: usize| recent.get(at).copied().unwrap_or(0.0);
        group_a.cmp(&group_b).then(rate(a).total_cmp(&rate(b)))
    });
    rows
}

/// `None` when the rows ascend already.
fn order(kind: &[u8], key: &[u64]) -> Option<Vec<u32>> {
    let name = |at: &u32| (kind.get(*at as usize), key.get(*at as usize));
    let mut order: Vec<u32> = (0..u32::try_from(kind.len()).unwrap_or(u32::MAX)).collect();
    if order.is_sorted_by_key(name) {
        return None;
    }
    order.sort_by_key(name);
    Some(order)
}

/// The first of `count` places at which `before` does not hold; it holds for all before that.
fn partition(count: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        if before(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(key: u64, group: u64, recent: f32) -> Coefficients {
        let shared = Coefficients::shared(None, &[-(key as f64), 0.5], 0.1);
        Coefficients { key, kind: PRODUCT, group, pace: (recent, 1.0), level: key as f64, ..shared }
    }

    #[test]
    fn rows_are_found_whatever_their_order_was() {
        let rows = vec![
            product(9, 4, 3.0),
            Coefficients::shared(Some(4), &[-1.5, 0.0], 0.2),
            product(2, 4, 1.0),
            Coefficients::shared(None, &[-2.0, 0.0], 0.3),
            product(5, 0, 2.0),
        ];
        let table = Table::new(rows.clone(), 2);
        assert_eq!(table.products(), 3);
        assert_eq!(table.row(PRODUCT, 9).unwrap().values, [-9.0, 0.5]);
        assert_eq!(table.row(CATEGORY, 4).unwrap().variance, 0.2);
        assert_eq!(table.row(STORE, 0).unwrap().values, [-2.0, 0.0]);
        assert!(table.row(PRODUCT, 4).is_none() && table.row(CATEGORY, 9).is_none());
        let kinds: Vec<u8> = rows.iter().map(|row| row.kind).collect();
        let keys: Vec<u64> = rows.iter().map(|row| row.key).collect();
        assert_eq!(order(&kinds, &keys), Some(vec![3, 1, 2, 4, 0]));
        assert_eq!(order(&table.kind, &table.key), None);
        let category = table.category(4).unwrap();
        assert_eq!((category.share_below(2.0), category.performance()), (0.5, 2.0));
        assert!(table.category(0).is_none() && table.category(7).is_none());
    }
}

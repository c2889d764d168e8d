//! For each product its strongest neighbours, as lists in memory and as they lie in a model file.

use crate::model_file::{ModelFile, ModelWriter, Slice};
use meschain_base::Result;

/// Neighbours of each product, strongest first.
pub type Lists = Vec<Vec<(u32, f32)>>;

/// The `most` strongest of `candidates`, positive ones only; equals by ascending place.
pub fn strongest(mut candidates: Vec<(u32, f32)>, most: usize) -> Vec<(u32, f32)> {
    candidates.retain(|(_, weight)| weight.is_finite() && *weight > 0.0);
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if candidates.len() > most && most > 0 {
        candidates.select_nth_unstable_by(most, order);
        candidates.truncate(most);
    }
    candidates.sort_unstable_by(order);
    candidates
}

/// The `most` of `candidates` with the largest weights of either sign; equals by ascending place.
pub fn loudest(mut candidates: Vec<(u32, f32)>, most: usize) -> Vec<(u32, f32)> {
    candidates.retain(|(_, weight)| weight.is_finite() && *weight != 0.0);
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0));
    if candidates.len() > most && most > 0 {
        candidates.select_nth_unstable_by(most, order);
        candidates.truncate(most);
    }
    candidates.sort_unstable_by(order);
    candidates
}

/// What speaks for its neighbours, and with its sign turned what speaks against them.
pub fn parted(lists: Lists) -> (Lists, Lists) {
    let part = |list: Vec<(u32, f32)>| {
        let (pro, contra): (Vec<_>, Vec<_>) = list.into_iter().partition(|(_, weight)| *weight > 0.0);
        (pro, contra.into_iter().map(|(item, weight)| (item, -weight)).collect())
    };
    lists.into_iter().map(part).unzip()
}

/// Neighbours in a mapped file; weights have sixteen bits on their list's own scale.
#[derive(Debug, Clone)]
pub struct Neighbors {
    starts: Slice<u32>,
    items: Slice<u32>,
    weights: Slice<u16>,
    scales: Slice<f32>,
}

impl Neighbors {
    /// Writes the lists as tensors that begin with `name`.
    pub fn write(name: &str, lists: &[Vec<(u32, f32)>], writer: &mut ModelWriter) -> Result<()> {
        let (mut starts, mut items, mut weights, mut scales) =
            (vec![0u32], Vec::new(), Vec::new(), Vec::new());
        for list in lists {
            let largest = list.iter().map(|(_, weight)| *weight).fold(f32::MIN_POSITIVE, f32::max);
            scales.push(largest / f32::from(u16::MAX));
            for (item, weight) in list {
                items.push(*item);
                weights.push((weight / largest * f32::from(u16::MAX)).round() as u16);
            }
            starts.push(items.len() as u32);
        }
        writer.vector(&format!("{name}.starts"), &starts)?;
        writer.vector(&format!("{name}.items"), &items)?;
        writer.vector(&format!("{name}.weights"), &weights)?;
        writer.vector(&format!("{name}.scales"), &scales)
    }

    /// Reads and checks the lists of `products` products.
    pub fn read(name: &str, products: usize, file: &ModelFile) -> Result<Self> {
        let starts: Slice<u32> = file.slice_of(&format!("{name}.starts"), products.saturating_add(1))?;
        let items: Slice<u32> = file.slice(&format!("{name}.items"))?;
        let weights: Slice<u16> = file.slice_of(&format!("{name}.weights"), items.len())?;
        let scales: Slice<f32> = file.slice_of(&format!("{name}.scales"), products)?;
        let sound = starts.is_sorted()
            && starts.first() == Some(&0)
            && starts.last().map(|last| *last as usize) == Some(items.len())
            && items.iter().all(|item| (*item as usize) < products)
            && scales.iter().all(|scale| scale.is_finite());
        if sound { Ok(Self { starts, items, weights, scales }) } else { Err(file.corrupt(name)) }
    }

    /// As [`Self::read`]; `None` where the file has no such lists.
    pub fn read_if_there(name: &str, products: usize, file: &ModelFile) -> Result<Option<Self>> {
        if file.shape(&format!("{name}.starts")).is_err() {
            return Ok(None);
        }
        Self::read(name, products, file).map(Some)
    }

    /// Whether no product has neighbours.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Neighbours of a product with their weights, strongest first.
    pub fn of(&self, item: u32) -> impl Iterator<Item = (u32, f32)> {
        let at = item as usize;
        let start = self.starts.get(at).map_or(0, |start| *start as usize);
        let end = self.starts.get(at.saturating_add(1)).map_or(start, |end| *end as usize);
        let scale = self.scales.get(at).copied().unwrap_or(0.0);
        let items = self.items.get(start..end).unwrap_or_default();
        let weights = self.weights.get(start..end).unwrap_or_default();
        items.iter().zip(weights).map(move |(item, weight)| (*item, scale * f32::from(*weight)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loudest_speak_for_or_against() {
        let all = vec![(0, 0.1), (1, -0.5), (2, f32::NAN), (3, 0.3), (4, 0.0), (5, -0.3)];
        let list = loudest(all, 3);
        assert_eq!(list, [(1, -0.5), (3, 0.3), (5, -0.3)]);
        assert_eq!(parted(vec![list]), (vec![vec![(3, 0.3)]], vec![vec![(1, 0.5), (5, 0.3)]]));
    }
}

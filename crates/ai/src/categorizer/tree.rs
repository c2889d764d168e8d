//! The category tree as it lies in a model file.

use super::{Category, Example};
use crate::model_file::{ModelFile, ModelWriter, Slice, Strings};
use indexmap::{IndexMap, IndexSet};
use meschain_base::Result;

/// Says that a category has no parent.
const NO_PARENT: u32 = u32::MAX;
/// Categories deeper than this are cut off; also the guard against a tree that loops.
const DEEPEST: usize = 32;

/// Categories by number, with parents and names; and which of them the classifier's classes are.
#[derive(Debug, Clone)]
pub struct Tree {
    ids: Slice<u64>,
    parents: Slice<u32>,
    names: Strings,
    class_categories: Slice<u32>,
}

/// The classes of a training set: its categories by ascending id, so that row order does not matter.
pub fn classes_of(examples: &[Example]) -> IndexSet<u64> {
    let mut classes: IndexSet<u64> = examples.iter().map(|example| example.category_id).collect();
    classes.sort_unstable();
    classes
}

/// Writes all categories; a class that the list does not name becomes a root named by its number.
pub fn write(categories: &[Category], classes: &IndexSet<u64>, writer: &mut ModelWriter) -> Result<()> {
    let mut known: IndexMap<u64, (u64, String)> =
        categories.iter().map(|one| (one.category_id, (one.parent_id, one.name.clone()))).collect();
    for class in classes {
        known.entry(*class).or_insert_with(|| (0, class.to_string()));
    }
    let place = |id: &u64| known.get_index_of(id).map_or(NO_PARENT, |place| place as u32);
    let ids: Vec<u64> = known.keys().copied().collect();
    let mut parents: Vec<u32> = known.values().map(|(parent, _)| place(parent)).collect();
    break_loops(&mut parents);
    let class_categories: Vec<u32> = classes.iter().map(place).collect();
    writer.vector("category_ids", &ids)?;
    writer.vector("category_parents", &parents)?;
    writer.strings("category_names", known.values().map(|(_, name)| name))?;
    writer.vector("class_categories", &class_categories)
}

/// Makes a root of the first category of each loop: what lies above itself would be counted again and again.
fn break_loops(parents: &mut [u32]) {
    for place in 0..parents.len() {
        let parent = |at: &u32| parents.get(*at as usize).copied().filter(|parent| *parent != NO_PARENT);
        let own = place as u32;
        let is_loop = std::iter::successors(parent(&own), parent).take(DEEPEST).any(|above| above == own);
        if let Some(parent) = parents.get_mut(place).filter(|_| is_loop) {
            *parent = NO_PARENT;
        }
    }
}

impl Tree {
    /// Reads and checks the tree.
    pub fn read(file: &ModelFile) -> Result<Self> {
        let ids: Slice<u64> = file.slice("category_ids")?;
        let parents: Slice<u32> = file.slice_of("category_parents", ids.len())?;
        let class_categories: Slice<u32> = file.slice("class_categories")?;
        let tree = Self { ids, parents, names: file.strings("category_names")?, class_categories };
        let inside = |place: &u32| (*place as usize) < tree.ids.len();
        let sound = tree.names.len() == tree.ids.len()
            && tree.parents.iter().all(|parent| *parent == NO_PARENT || inside(parent))
            && tree.class_categories.iter().all(inside);
        if sound { Ok(tree) } else { Err(file.corrupt("categories")) }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.class_categories.len()
    }

    /// The category of a class, as its place in the tree.
    pub fn category_of(&self, class: usize) -> Option<u32> {
        self.class_categories.get(class).copied()
    }

    /// The class of a category id, if products were trained on it.
    pub fn class_of(&self, category_id: u64) -> Option<usize> {
        (0..self.classes())
            .find(|class| self.category_of(*class).and_then(|c| self.id(c)) == Some(category_id))
    }

    /// OpenCart's id of a category.
    pub fn id(&self, category: u32) -> Option<u64> {
        self.ids.get(category as usize).copied()
    }

    /// The category itself and those above it, from below.
    pub fn upwards(&self, category: u32) -> impl Iterator<Item = u32> {
        let parent = |category: &u32| {
            self.parents.get(*category as usize).copied().filter(|parent| *parent != NO_PARENT)
        };
        std::iter::successors(Some(category), parent).take(DEEPEST)
    }

    /// Names from the root, joined by ` > `.
    pub fn path(&self, category: u32) -> String {
        let mut path = String::new();
        for name in self.upwards(category).filter_map(|category| self.names.get(category as usize)) {
            if !path.is_empty() {
                path.insert_str(0, " > ");
            }
            path.insert_str(0, name);
        }
        path
    }
}

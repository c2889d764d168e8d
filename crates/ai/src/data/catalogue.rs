//! The catalogue's texts and tree, as the categoriser and the recommender take them.

use crate::categorizer::{Category, Example, ProductText};
use meschain_base::{Progress, Result};
use meschain_shop::Database;
use meschain_shop::read::{self, Product};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The catalogue in one language.
pub struct Catalogue {
    /// Every category by id.
    pub categories: BTreeMap<i64, read::Category>,
    /// Every product with its deepest category, 0 when it is in none.
    pub products: Vec<(Product, i64)>,
    /// Products whose category a person has confirmed, where that was read.
    pub confirmed: HashSet<i64>,
}

impl Catalogue {
    /// Reads at most `most` products in the order of their ids.
    pub fn read(database: &Database, language_id: u32, most: usize, progress: &Progress) -> Result<Self> {
        let language = i64::from(language_id);
        let categories = read::categories(database, language)?;
        let of_product = read::product_categories(database, progress)?;
        let mut products = Vec::new();
        read::products(database, language, progress, |product| {
            if products.len() < most {
                let ids = of_product.get(&product.product_id).map_or(&[][..], Vec::as_slice);
                let main = deepest(ids, &categories).unwrap_or(0);
                products.push((product, main));
            }
            Ok(())
        })?;
        Ok(Self { categories, products, confirmed: HashSet::new() })
    }

    /// Products that are in a category, as examples to learn from.
    pub fn examples(&self) -> Vec<Example> {
        let placed = self.products.iter().filter(|(_, category)| *category != 0);
        placed
            .map(|(product, category)| Example {
                product_id: product.product_id.unsigned_abs(),
                product: text_of(product),
                category_id: category.unsigned_abs(),
                confirmed: self.confirmed.contains(&product.product_id),
            })
            .collect()
    }

    /// The tree as the categoriser takes it.
    pub fn tree(&self) -> Vec<Category> {
        tree(&self.categories)
    }
}

/// The tree as the categoriser takes it.
pub fn tree(categories: &BTreeMap<i64, read::Category>) -> Vec<Category> {
    let known = |id: i64| if categories.contains_key(&id) { id.unsigned_abs() } else { 0 };
    let row = |category: &read::Category| Category {
        category_id: category.category_id.unsigned_abs(),
        parent_id: known(category.parent_id),
        name: category.name.clone(),
    };
    categories.values().map(row).collect()
}

/// A product's words as the categoriser takes them.
pub fn text_of(product: &Product) -> ProductText {
    ProductText {
        name: product.name.clone(),
        description: product.description.clone(),
        brand: product.manufacturer.clone(),
        price: Some(product.price.to_f64()).filter(|price| *price > 0.0),
        attributes: product.attributes.clone(),
        images: product.images,
    }
}

/// The category furthest from the root; of equally deep ones the first.
fn deepest(ids: &[i64], categories: &BTreeMap<i64, read::Category>) -> Option<i64> {
    let depth = |id: &i64| categories.get(id).map(|category| category.path_ids.len());
    ids.iter()
        .filter_map(|id| Some((depth(id)?, *id)))
        .max_by_key(|(depth, id)| (*depth, -id))
        .map(|(_, id)| id)
}

/// The deepest category of every product that has one.
pub fn main_categories(
    database: &Database,
    language_id: u32,
    progress: &Progress,
) -> Result<HashMap<u32, u32>> {
    let categories = read::categories(database, i64::from(language_id))?;
    let all = read::product_categories(database, progress)?;
    let main = all.iter().filter_map(|(product, ids)| {
        Some((u32::try_from(*product).ok()?, u32::try_from(deepest(ids, &categories)?).ok()?))
    });
    Ok(main.collect())
}

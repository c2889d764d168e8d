//! What trainings leave out of the shop's rows, and why. One place, so that what is counted is what is dropped.

use super::catalogue::Catalogue;
use indexmap::IndexSet;
use meschain_shop::columns::Snapshot;
use meschain_shop::read::Product;

/// Lines that a product must have before one of them is called wholesale.
const LEAST_LINES: usize = 20;
/// A line of more than so many times the product's usual quantity is wholesale.
const WHOLESALE_TIMES: i32 = 10;
/// Names that shops give to products they try things with, in Turkish and English.
const PLACEHOLDERS: [&str; 8] = ["test", "deneme", "demo", "sample", "örnek", "lorem", "asdf", "xxx"];

/// For each product row of the snapshot the largest quantity that is no wholesale line, judged by the lines of the orders
/// that count.
pub fn retail_limits(snapshot: &Snapshot, counts: impl Fn(usize) -> bool) -> Vec<i32> {
    let lines = snapshot.lines();
    let quantity = |row: &u32| {
        let order = *lines.order_index.get(*row as usize)? as usize;
        lines.quantity.get(*row as usize).copied().filter(|_| counts(order))
    };
    let limit = |product: usize| {
        retail_limit(snapshot.lines_of_product(product).iter().filter_map(quantity).collect())
    };
    (0..snapshot.products().len()).map(limit).collect()
}

/// Ten times the median line, where there are enough lines to tell.
pub fn retail_limit(mut quantities: Vec<i32>) -> i32 {
    if quantities.len() < LEAST_LINES {
        return i32::MAX;
    }
    let middle = quantities.len() / 2;
    let (_, median, _) = quantities.select_nth_unstable(middle);
    (*median).max(1).saturating_mul(WHOLESALE_TIMES)
}

/// Why the categoriser does not learn from a product; `None` when it does. `seen` holds what was there before.
pub fn product_refusal(
    product: &Product,
    category: i64,
    seen: &mut IndexSet<blake3::Hash>,
) -> Option<&'static str> {
    let name = product.name.trim().to_lowercase();
    if category == 0 {
        return Some("no_category");
    }
    if name.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        return Some("empty_name");
    }
    let words = || name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if words().next().is_some_and(|first| PLACEHOLDERS.contains(&first)) && words().count() <= 2 {
        return Some("placeholder");
    }
    let text = format!("{name}\n{}\n{category}", product.description.trim());
    (!seen.insert(blake3::hash(text.as_bytes()))).then_some("duplicate")
}

/// How complete a product's texts are, 0 to 1.
pub fn product_score(product: &Product) -> f64 {
    let part = |there: bool, worth: f64| if there { worth } else { 0.0 };
    0.4 + part(product.description.chars().count() >= 20, 0.3)
        + part(product.images > 0, 0.1)
        + part(!product.manufacturer.is_empty(), 0.1)
        + part(product.price.to_f64() > 0.0, 0.1)
}

/// Drops the products that the categoriser must not learn from.
pub fn clean(catalogue: &mut Catalogue) {
    let mut seen = IndexSet::new();
    catalogue.products.retain(|(product, category)| product_refusal(product, *category, &mut seen).is_none());
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Money;

    fn product(name: &str, description: &str) -> Product {
        Product {
            product_id: 1,
            master_id: 0,
            model: String::new(),
            name: name.to_owned(),
            description: description.to_owned(),
            manufacturer_id: 0,
            manufacturer: String::new(),
            attributes: Vec::new(),
            price: Money::default(),
            quantity: 1,
            subtract: true,
            enabled: true,
            images: 0,
            date_added: String::new(),
        }
    }

    #[test]
    fn each_refusal_has_its_reason() {
        let mut seen = IndexSet::new();
        let mut why = |name: &str, category| product_refusal(&product(name, "soft"), category, &mut seen);
        assert_eq!(why("Kaşar peyniri", 3), None);
        assert_eq!(why("kaşar peyniri ", 3), Some("duplicate"));
        assert_eq!(why("Kaşar peyniri", 4), None);
        assert_eq!(why("Kaşar peyniri", 0), Some("no_category"));
        assert_eq!(why("12", 3), Some("empty_name"));
        assert_eq!(why("Test ürün", 3), Some("placeholder"));
        // A test is something one can sell, too.
        assert_eq!(why("Test tüpü cam 16 mm", 3), None);
    }

    #[test]
    fn scores_are_of_one() {
        let mut full = product("Peynir", "Uzun bir açıklama, yirmi harften çok.");
        assert!((product_score(&full) - 0.7).abs() < 1e-9);
        (full.images, full.manufacturer, full.price) =
            (2, "Pınar".to_owned(), Money::parse(b"5.00").unwrap());
        assert!((product_score(&full) - 1.0).abs() < 1e-9);
    }
}

//! The products of the sample shop and the behaviour that only the truth file tells.

use super::catalogue::{Catalogue, Leaf, Middle};
use super::draw::Draw;
use super::price::{Period, Plan, Price, schedule};
use meschain_base::{Money, Result};
use std::collections::BTreeSet;

/// Tastes within a middle category: customers favour one style of goods, not the whole shelf.
pub(super) const STYLES: usize = 3;

/// One product and its truth.
#[derive(Debug)]
pub(super) struct Product {
    /// Index into the catalogue's leaves.
    pub leaf: usize,
    pub brand: &'static str,
    pub name_tr: String,
    pub name_en: String,
    pub size: &'static str,
    pub variant_tr: &'static str,
    pub variant_en: &'static str,
    pub model: String,
    pub ean: String,
    pub kdv: u8,
    /// First and last day on sale, counted from the shop's first day.
    pub first: usize,
    pub last: usize,
    /// Middle of its prices, with KDV: where the demand formula has its reference.
    pub base_price: f64,
    pub periods: Vec<Period>,
    /// Price elasticity of demand, negative.
    pub elasticity: f64,
    /// Expected lines a day at the base price on a neutral day, after scaling to the size of the shop.
    pub base_lines: f64,
    /// Mean units of a line.
    pub units_per_line: f64,
    /// Purchase cost of one unit without KDV.
    pub cost: Money,
    /// Whether the cost was chosen so that the last regular price is the profit optimum.
    pub at_optimum: bool,
    /// Episodes without stock, first and last day inclusive.
    pub stock_outs: Vec<(usize, usize)>,
    /// Mean days between purchases by one customer; 0 when it is not bought again.
    pub cycle_days: u16,
    pub return_rate: f64,
    /// Taste pool: middle category times [`STYLES`] plus style.
    pub taste: usize,
    /// Affinity group, if any, and how strongly it pulls.
    pub group: Option<usize>,
    /// Why a model may refuse it: `regular`, `rare`, `new`, `constant-price`, `discontinued`.
    pub kind: &'static str,
}

impl Product {
    /// Whether it can be sold on that day.
    pub fn in_stock(&self, day: usize) -> bool {
        self.first <= day
            && day <= self.last
            && !self.stock_outs.iter().any(|(from, to)| *from <= day && day <= *to)
    }

    /// The price on that day, whether or not there is stock; `None` when it is not on sale.
    pub fn price_on(&self, day: usize) -> Option<Price> {
        let at = self.periods.partition_point(|period| period.last < day);
        self.periods.get(at).filter(|period| period.first <= day).map(|period| period.price)
    }

    /// The last regular price: what `product.price` holds.
    pub fn regular_price(&self) -> Option<&Period> {
        self.periods.iter().rev().find(|period| !period.offer).or(self.periods.last())
    }
}

/// Products that are bought together.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub members: Vec<usize>,
    /// Chance that a basket with one member looks for another.
    pub strength: f64,
}

/// How many products, over how many days.
pub(super) struct Frame<'a> {
    pub catalogue: &'a Catalogue,
    pub count: usize,
    /// Days of the shop.
    pub days: usize,
    /// Campaign weeks as day numbers.
    pub campaigns: &'a [(usize, usize)],
}

/// Makes `frame.count` products spread over all leaves.
pub(super) fn make(frame: &Frame<'_>, draw: &mut Draw) -> Result<Vec<Product>> {
    let mut names = BTreeSet::new();
    let mut products = Vec::with_capacity(frame.count);
    for at in 0..frame.count {
        let leaf_index = at % frame.catalogue.leaves.len().max(1);
        let Some(leaf) = frame.catalogue.leaves.get(leaf_index) else { continue };
        let Some(middle) = frame.catalogue.middles.get(leaf.middle) else { continue };
        products.push(one(frame, at, leaf_index, leaf, middle, &mut names, draw));
    }
    Ok(products)
}

fn one(
    frame: &Frame<'_>,
    at: usize,
    leaf_index: usize,
    leaf: &Leaf,
    middle: &Middle,
    names: &mut BTreeSet<String>,
    draw: &mut Draw,
) -> Product {
    let label = label(leaf, middle, names, draw);
    let kind = kind(draw);
    let end = frame.days.saturating_sub(1);
    let first = if kind == "new" { end.saturating_sub(draw.days(14, 175)) } else { 0 };
    let last = if kind == "discontinued" { end.saturating_sub(draw.days(60, 200)) } else { end };
    let base_price = (draw.between(leaf.prices.0.ln(), leaf.prices.1.ln())).exp();
    let constant = kind == "constant-price";
    let plan = Plan {
        base: base_price,
        kdv: middle.kdv,
        first,
        last,
        constant,
        campaigns: frame.campaigns.to_vec(),
    };
    let periods = schedule(&plan, draw);
    let elasticity = (leaf.elasticity * draw.normal(0.0, 0.12).exp()).clamp(-4.0, -0.4);
    let popularity = draw.normal(0.0, 0.85).exp() * base_price.powf(-0.30);
    let mut product = Product {
        leaf: leaf_index,
        brand: label.brand,
        name_tr: label.tr,
        name_en: label.en,
        size: label.size,
        variant_tr: label.variant_tr,
        variant_en: label.variant_en,
        model: format!("{}-{:05}", model_prefix(leaf.key), at + 1),
        ean: ean13(at),
        kdv: middle.kdv,
        first,
        last,
        base_price,
        periods,
        elasticity,
        base_lines: if kind == "rare" { popularity * 0.03 } else { popularity },
        units_per_line: (leaf.quantity * draw.between(0.9, 1.1)).max(1.0),
        cost: Money::ZERO,
        at_optimum: false,
        stock_outs: stock_outs(first, last, draw),
        cycle_days: leaf.cycle_days,
        return_rate: (leaf.return_rate * draw.normal(0.0, 0.35).exp()).min(0.4),
        taste: leaf.middle * STYLES + draw.below(STYLES),
        group: None,
        kind,
    };
    set_cost(&mut product, draw);
    product
}

fn kind(draw: &mut Draw) -> &'static str {
    let kinds = ["regular", "rare", "new", "constant-price", "discontinued"];
    kinds.get(draw.weighted(&[0.71, 0.07, 0.09, 0.09, 0.04])).copied().unwrap_or("regular")
}

/// Two in five products cost just so much that the last regular price earns the most: with constant elasticity e the best
/// margin of the net price is 1/|e| (Lerner). The others have margins drawn without regard to it.
fn set_cost(product: &mut Product, draw: &mut Draw) {
    let net = product.regular_price().map_or(1.0, |period| period.price.net.to_f64());
    product.at_optimum = product.elasticity < -1.25 && draw.chance(0.4);
    let margin = if product.at_optimum { 1.0 / product.elasticity.abs() } else { draw.between(0.18, 0.62) };
    product.cost = Money::from_f64(net * (1.0 - margin)).unwrap_or(Money::ZERO);
}

/// A third of the products run dry one to three times for 3 to 21 days; one in twenty-five is dry at the end.
fn stock_outs(first: usize, last: usize, draw: &mut Draw) -> Vec<(usize, usize)> {
    let mut episodes = Vec::new();
    let mut day = first + 30;
    let wanted = if draw.chance(0.35) { 1 + draw.below(3) } else { 0 };
    for _ in 0..wanted {
        let from = day + draw.below(220);
        let to = from + draw.days(2, 20);
        if to + 10 < last {
            episodes.push((from, to));
        }
        day = to + 20;
    }
    if draw.chance(0.04) && last > first + 60 {
        let from = last - draw.days(2, 9);
        episodes.push((from, last));
    }
    episodes
}

struct Label {
    tr: String,
    en: String,
    brand: &'static str,
    size: &'static str,
    variant_tr: &'static str,
    variant_en: &'static str,
}

/// Brand, variant, noun and size, like a listing. When every combination is used up, a line number tells them apart.
fn label(leaf: &Leaf, middle: &Middle, names: &mut BTreeSet<String>, draw: &mut Draw) -> Label {
    for attempt in 0..40 {
        let brand = draw.one(&middle.brands).copied().unwrap_or("MesChain");
        let size = draw.one(&leaf.sizes).copied().unwrap_or("");
        let (Some(noun), Some(variant)) = (draw.one(&leaf.nouns), draw.one(&leaf.variants)) else { break };
        let series = if attempt < 20 { String::new() } else { format!(" No {}", draw.days(2, 99)) };
        let tr = format!("{brand} {} {}{series} {size}", variant.tr, noun.tr);
        if names.insert(tr.clone()) {
            let en = format!("{brand} {} {}{series} {}", variant.en, noun.en, english_size(size));
            return Label { tr, en, brand, size, variant_tr: variant.tr, variant_en: variant.en };
        }
    }
    let tr = format!("{} {}", leaf.name.tr, names.len() + 1);
    names.insert(tr.clone());
    let en = format!("{} {}", leaf.name.en, names.len());
    Label { tr, en, brand: "MesChain", size: "", variant_tr: "", variant_en: "" }
}

/// Sizes are written for Turkish readers; the few words in them are put into English.
fn english_size(size: &str) -> String {
    const WORDS: [(&str, &str); 17] = [
        ("sayfa", "pages"),
        ("yaprak", "sheets"),
        ("parça", "pieces"),
        ("yıkama", "washes"),
        ("Numara", "Size"),
        ("Tek Kişilik", "Single"),
        ("Çift Kişilik", "Double"),
        ("Kişilik", "Person"),
        ("Tek Bölmeli", "1 Pocket"),
        ("Bölmeli", "Pockets"),
        ("Tekli", "Single"),
        ("Standart", "Standard"),
        ("Orta", "Medium"),
        ("inç", "inch"),
        ("adet", "pc"),
        ("'lu set", " set"),
        ("Türkçe", "Turkish"),
    ];
    let text = WORDS.iter().fold(size.to_owned(), |text, (tr, en)| text.replace(tr, en));
    // "12'li", "40'lı", "100'lü", "10'lu": a pack of so many.
    match text.split_once('\'') {
        Some((count, _)) => format!("{count} Pack"),
        None => text.replace(',', "."),
    }
}

fn model_prefix(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphabetic).take(4).map(|c| c.to_ascii_uppercase()).collect()
}

/// A well-formed EAN-13 from the range for use within one company (prefix 20).
fn ean13(at: usize) -> String {
    let body = format!("2000{:08}", at + 1);
    let sum: u32 = body
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Ties products of complementing leaves into groups: each takes at most one from every leaf.
pub(super) fn group(catalogue: &Catalogue, products: &mut [Product], draw: &mut Draw) -> Vec<Group> {
    let mut groups = Vec::new();
    for leaves in &catalogue.complements {
        let of_leaf = |leaf: &usize| -> Vec<usize> {
            products
                .iter()
                .enumerate()
                .filter(|(_, product)| product.leaf == *leaf)
                .map(|(at, _)| at)
                .collect()
        };
        let mut shelves: Vec<Vec<usize>> = leaves.iter().map(of_leaf).collect();
        for shelf in &mut shelves {
            draw.shuffle(shelf);
        }
        let most = shelves.iter().map(Vec::len).min().unwrap_or(0);
        // Two thirds of what could be paired is: the rest sells on its own.
        for _ in 0..(most * 2).div_ceil(3) {
            let members: Vec<usize> = shelves.iter_mut().filter_map(Vec::pop).collect();
            for at in &members {
                if let Some(member) = products.get_mut(*at) {
                    member.group = Some(groups.len());
                }
            }
            groups.push(Group { members, strength: draw.between(0.6, 0.95) });
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(count: usize) -> (Catalogue, Vec<Product>) {
        let catalogue = Catalogue::read().unwrap();
        let frame = Frame { catalogue: &catalogue, count, days: 730, campaigns: &[(300, 306)] };
        let products = make(&frame, &mut Draw::new(1, 1)).unwrap();
        (catalogue, products)
    }

    #[test]
    fn names_models_and_codes_tell_products_apart() {
        let (_, products) = shop(4_000);
        for of in
            [|p: &Product| p.name_tr.clone(), |p: &Product| p.model.clone(), |p: &Product| p.ean.clone()]
        {
            assert_eq!(products.iter().map(of).collect::<BTreeSet<_>>().len(), products.len());
        }
        assert_eq!(ean13(0), "2000000000015");
        assert!(products.iter().all(|p| p.name_tr.len() < 255 && p.elasticity < 0.0 && p.cost.raw() > 0));
    }

    #[test]
    fn where_the_price_is_best_no_other_price_earns_more() {
        let (_, products) = shop(500);
        for product in products.iter().filter(|p| p.at_optimum) {
            let price = product.regular_price().unwrap().price.net.to_f64();
            let profit = |at: f64| (at - product.cost.to_f64()) * (at / price).powf(product.elasticity);
            assert!(
                profit(price) >= profit(price * 1.03) && profit(price) >= profit(price * 0.97),
                "{}",
                product.model
            );
        }
    }

    #[test]
    fn sizes_read_well_in_english() {
        let sizes = ["12'li", "10'lu set", "1,6 kg", "320 sayfa", "4 Kişilik"].map(english_size);
        assert_eq!(sizes, ["12 Pack", "10 set", "1.6 kg", "320 pages", "4 Person"]);
    }
}

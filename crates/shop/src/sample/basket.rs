//! From the lines of a day to baskets. How much of each product sells is settled before (see `demand`): packing only
//! decides what lies together and who bought it, so it gives affinities, tastes and repeat purchases without touching
//! the demand that pricing and forecasting should find.

use super::customers::Population;
use super::demand::Line;
use super::draw::Draw;
use super::product::{Group, Product};

/// Chance that the next line of a basket is sought among the customer's tastes.
const TASTE_PULL: f64 = 0.6;
/// Chance that the buyer has no account.
const GUEST: f64 = 0.05;
/// Chance that a basket that no repeat purchase opened belongs to a new customer, on the first and on the last day.
const NEWCOMERS: (f64, f64) = (0.40, 0.20);

/// What one buyer takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Basket {
    /// `None` is a guest.
    pub customer: Option<usize>,
    pub lines: Vec<Line>,
}

/// The lines of one day, findable by product, taste and affinity group. Kept between days for its memory.
pub(super) struct Shelf {
    lines: Vec<Line>,
    taken: Vec<bool>,
    left: usize,
    order: Vec<u32>,
    by_product: Vec<Vec<u32>>,
    by_taste: Vec<Vec<u32>>,
    by_group: Vec<Vec<u32>>,
}

impl Shelf {
    /// An empty shelf.
    pub fn new(products: usize, tastes: usize, groups: usize) -> Self {
        let empty = |count: usize| vec![Vec::new(); count];
        Self {
            lines: Vec::new(),
            taken: Vec::new(),
            left: 0,
            order: Vec::new(),
            by_product: empty(products),
            by_taste: empty(tastes),
            by_group: empty(groups),
        }
    }

    fn fill(&mut self, lines: Vec<Line>, products: &[Product], draw: &mut Draw) {
        for list in [&mut self.by_product, &mut self.by_taste, &mut self.by_group].into_iter().flatten() {
            list.clear();
        }
        self.order = (0..lines.len() as u32).collect();
        draw.shuffle(&mut self.order);
        for at in &self.order {
            let Some(product) = lines.get(*at as usize).map(|line| line.product) else { continue };
            let Some(truth) = products.get(product) else { continue };
            let group = truth.group.and_then(|group| self.by_group.get_mut(group));
            for list in [self.by_product.get_mut(product), self.by_taste.get_mut(truth.taste), group]
                .into_iter()
                .flatten()
            {
                list.push(*at);
            }
        }
        self.left = lines.len();
        self.taken = vec![false; lines.len()];
        self.lines = lines;
    }

    fn take(&mut self, list: Of, basket: &[Line]) -> Option<Line> {
        let list = match list {
            Of::Product(at) => self.by_product.get_mut(at),
            Of::Taste(at) => self.by_taste.get_mut(at),
            Of::Group(at) => self.by_group.get_mut(at),
            Of::Any => Some(&mut self.order),
        }?;
        take_from(list, &self.lines, &mut self.taken, basket).inspect(|_| self.left -= 1)
    }
}

/// Which lines to look among.
#[derive(Clone, Copy)]
enum Of {
    Product(usize),
    Taste(usize),
    Group(usize),
    Any,
}

/// The last line of the list that is free and whose product the basket does not hold yet; taken ones are dropped on the way.
fn take_from(list: &mut Vec<u32>, lines: &[Line], taken: &mut [bool], basket: &[Line]) -> Option<Line> {
    while list.last().is_some_and(|at| taken.get(*at as usize).copied().unwrap_or(true)) {
        list.pop();
    }
    // A few places deep only: a line that the basket holds already waits for the next one.
    for depth in 0..list.len().min(8) {
        let at = *list.get(list.len() - 1 - depth)? as usize;
        let (line, taken) = (lines.get(at)?, taken.get_mut(at)?);
        if !*taken && basket.iter().all(|held| held.product != line.product) {
            *taken = true;
            return Some(*line);
        }
    }
    None
}

/// What packing needs besides the day's lines.
pub(super) struct Packer<'a> {
    pub products: &'a [Product],
    pub groups: &'a [Group],
    /// Mean lines of a basket.
    pub mean_lines: f64,
    pub days: usize,
}

impl Packer<'_> {
    /// Packs every line of `day` into exactly one basket.
    pub fn pack(
        &self,
        shelf: &mut Shelf,
        lines: Vec<Line>,
        day: usize,
        people: &mut Population,
        draw: &mut Draw,
    ) -> Vec<Basket> {
        shelf.fill(lines, self.products, draw);
        let mut baskets = self.repeats(shelf, day, people, draw);
        let passed = day as f64 / self.days.max(1) as f64;
        let newcomer = NEWCOMERS.0 + (NEWCOMERS.1 - NEWCOMERS.0) * passed;
        while shelf.left > 0 {
            let Some(seed) = shelf.take(Of::Any, &[]) else { break };
            let taste = self.products.get(seed.product).map_or(0, |product| product.taste);
            let customer = (!draw.chance(GUEST)).then(|| people.choose(taste, day, newcomer, draw));
            let mut basket = Basket { customer, lines: vec![seed] };
            self.fill(&mut basket, shelf, people, draw);
            self.note(&basket, 0, day, people, draw);
            baskets.push(basket);
        }
        baskets
    }

    /// Baskets of customers whose goods have run out; all that is due to one customer lies in one basket.
    fn repeats(
        &self,
        shelf: &mut Shelf,
        day: usize,
        people: &mut Population,
        draw: &mut Draw,
    ) -> Vec<Basket> {
        let mut baskets: Vec<Basket> = Vec::new();
        let due = people.take_due(day);
        for of_customer in due.chunk_by(|a, b| a.0 == b.0) {
            let mut basket = Basket { customer: None, lines: Vec::new() };
            for (customer, product) in of_customer {
                basket.customer = Some(*customer as usize);
                match shelf.take(Of::Product(*product as usize), &basket.lines) {
                    Some(line) => basket.lines.push(line),
                    None => people.postpone(*customer, *product, day, draw),
                }
            }
            if basket.lines.is_empty() {
                continue;
            }
            let due_lines = basket.lines.len();
            self.fill(&mut basket, shelf, people, draw);
            self.note(&basket, due_lines, day, people, draw);
            baskets.push(basket);
        }
        baskets
    }

    /// Adds lines up to a drawn size, by taste or by chance, and to every line what goes with it.
    fn fill(&self, basket: &mut Basket, shelf: &mut Shelf, people: &Population, draw: &mut Draw) {
        let wanted = 1 + draw.poisson(self.mean_lines - 1.0) as usize;
        let mut seen = 0;
        loop {
            while let Some(line) = basket.lines.get(seen) {
                seen += 1;
                let group = self.products.get(line.product).and_then(|product| product.group);
                let Some((index, group)) = group.and_then(|index| Some((index, self.groups.get(index)?)))
                else {
                    continue;
                };
                if draw.chance(group.strength) {
                    basket.lines.extend(shelf.take(Of::Group(index), &basket.lines));
                }
            }
            if basket.lines.len() >= wanted {
                return;
            }
            let taste =
                basket.customer.filter(|_| draw.chance(TASTE_PULL)).and_then(|who| people.taste(who, draw));
            let liked = taste.and_then(|taste| shelf.take(Of::Taste(taste), &basket.lines));
            match liked.or_else(|| shelf.take(Of::Any, &basket.lines)) {
                Some(line) => basket.lines.push(line),
                None => return,
            }
        }
    }

    fn note(&self, basket: &Basket, due_lines: usize, day: usize, people: &mut Population, draw: &mut Draw) {
        let Some(customer) = basket.customer else { return };
        for (at, line) in basket.lines.iter().enumerate() {
            let Some(product) = self.products.get(line.product) else { continue };
            people.bought(customer, line.product, product, at < due_lines, day, draw);
        }
    }
}

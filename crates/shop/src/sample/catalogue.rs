//! What the sample shop can sell, read from `catalogue.txt`: a category tree of three levels, what a leaf's products are
//! called and cost, how their buyers behave, and which leaves are bought together.

use meschain_base::{Error, Result};

const TEXT: &str = include_str!("catalogue.txt");

/// The same words in Turkish and English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bilingual {
    pub tr: &'static str,
    pub en: &'static str,
}

/// A category of the second level.
#[derive(Debug)]
pub(super) struct Middle {
    pub name: Bilingual,
    /// Index into [`Catalogue::tops`].
    pub top: usize,
    /// KDV in percent; 0 for exempt goods (books).
    pub kdv: u8,
    /// Name of a profile of `season`.
    pub season: &'static str,
    pub brands: Vec<&'static str>,
}

/// A category of the third level: the one that holds products.
#[derive(Debug)]
pub(super) struct Leaf {
    pub key: &'static str,
    pub name: Bilingual,
    /// Index into [`Catalogue::middles`].
    pub middle: usize,
    /// Lowest and highest price in TRY, KDV included.
    pub prices: (f64, f64),
    /// Mean days between two purchases by one customer; 0 for what is not bought again.
    pub cycle_days: u16,
    /// Mean price elasticity, negative.
    pub elasticity: f64,
    /// Share of sold lines that come back.
    pub return_rate: f64,
    /// Mean units of a line.
    pub quantity: f64,
    pub sizes: Vec<&'static str>,
    pub nouns: Vec<Bilingual>,
    pub variants: Vec<Bilingual>,
}

/// The whole text.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub tops: Vec<Bilingual>,
    pub middles: Vec<Middle>,
    pub leaves: Vec<Leaf>,
    /// Indexes of leaves that complement one another.
    pub complements: Vec<Vec<usize>>,
}

impl Catalogue {
    /// Reads the text that is compiled in.
    pub fn read() -> Result<Self> {
        let mut catalogue = Self::default();
        for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            catalogue.take(line).ok_or_else(|| Error::internal("sample catalogue", line))?;
        }
        Ok(catalogue)
    }

    fn take(&mut self, line: &'static str) -> Option<()> {
        let (mark, rest) = line.split_once(' ')?;
        match mark {
            "=" => self.tops.push(bilingual(rest, '/')?),
            "==" => self.middles.push(middle(rest, self.tops.len().checked_sub(1)?)?),
            "-" => self.leaves.push(leaf(rest, self.middles.len().checked_sub(1)?)?),
            "~" => {
                let index = |key: &str| self.leaves.iter().position(|leaf| leaf.key == key);
                self.complements.push(rest.split(" + ").map(index).collect::<Option<_>>()?);
            }
            _ => return None,
        }
        Some(())
    }
}

fn middle(text: &'static str, top: usize) -> Option<Middle> {
    let mut fields = text.split('|').map(str::trim);
    Some(Middle {
        name: bilingual(fields.next()?, '/')?,
        top,
        kdv: fields.next()?.parse().ok()?,
        season: fields.next()?,
        brands: list(fields.next()?, ','),
    })
}

fn leaf(text: &'static str, middle: usize) -> Option<Leaf> {
    let mut fields = text.split('|').map(str::trim);
    let key = fields.next()?;
    let name = bilingual(fields.next()?, '/')?;
    let (low, high) = fields.next()?.split_once('-')?;
    let mut number = || fields.next()?.parse::<f64>().ok();
    let (cycle, elasticity, returns, quantity) = (number()?, number()?, number()?, number()?);
    let sizes = fields.next()?;
    // "1,6 kg" has a comma of its own: sizes are parted by comma and space.
    let sizes = sizes.split(", ").map(str::trim).collect();
    Some(Leaf {
        key,
        name,
        middle,
        prices: (low.parse().ok()?, high.parse().ok()?),
        cycle_days: cycle as u16,
        elasticity: -elasticity,
        return_rate: returns / 100.0,
        quantity,
        sizes,
        nouns: pairs(fields.next()?)?,
        variants: pairs(fields.next()?)?,
    })
}

fn bilingual(text: &'static str, separator: char) -> Option<Bilingual> {
    let (tr, en) = text.split_once(separator)?;
    Some(Bilingual { tr: tr.trim(), en: en.trim() })
}

fn pairs(text: &'static str) -> Option<Vec<Bilingual>> {
    text.split(';').map(|pair| bilingual(pair, '=')).collect()
}

fn list(text: &'static str, separator: char) -> Vec<&'static str> {
    text.split(separator).map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_text_is_whole() {
        let catalogue = Catalogue::read().unwrap();
        assert!((60..=120).contains(&catalogue.leaves.len()));
        let keys: BTreeSet<_> = catalogue.leaves.iter().map(|leaf| leaf.key).collect();
        assert_eq!(keys.len(), catalogue.leaves.len());
        for leaf in &catalogue.leaves {
            assert!(leaf.prices.0 > 0.0 && leaf.prices.1 > leaf.prices.0, "{}", leaf.key);
            assert!((-3.5..=-0.5).contains(&leaf.elasticity) && leaf.quantity >= 1.0, "{}", leaf.key);
            assert!(leaf.nouns.len() * leaf.variants.len() * leaf.sizes.len() >= 12, "{}", leaf.key);
        }
        for middle in &catalogue.middles {
            assert!([0, 1, 10, 20].contains(&middle.kdv));
            assert!(super::super::season::Profile::index(middle.season).is_some(), "{}", middle.season);
        }
        let complements: Vec<usize> = catalogue.complements.concat();
        assert_eq!(
            complements.iter().collect::<BTreeSet<_>>().len(),
            complements.len(),
            "a leaf is in one group only"
        );
    }
}

//! Products alike by their texts: TF-IDF over words and their beginnings, cosine.

use super::ItemContent;
use super::neighbors::{Lists, strongest};
use crate::text::normalize::{words, words_line};
use indexmap::IndexMap;

/// A word on more than this share of all products tells nothing about any of them.
const TOO_COMMON: f64 = 0.5;
/// Products of one word that are looked at.
const MOST_POSTINGS: usize = 2_000;

/// For each of `items` (ascending ids) its `most` likest by text. A product whose words lead nowhere gets the best
/// sellers of its own group, else of the shop: none is left without neighbours while there is another product. Without any texts there are
/// no lists.
pub fn lists(items: &[u64], content: &[ItemContent], popularity: &[f32], most: usize) -> Lists {
    if content.is_empty() {
        return vec![Vec::new(); items.len()];
    }
    let mut texts: Vec<Option<&ItemContent>> = vec![None; items.len()];
    for one in content {
        let place = items.binary_search(&one.item).ok().and_then(|place| texts.get_mut(place));
        place.into_iter().for_each(|text| *text = Some(one));
    }
    let vectors = vectors(&texts);
    let postings = postings(&vectors);
    let sellers = Sellers::new(&texts, popularity);
    let mut scores = vec![0f32; items.len()];
    let mut touched: Vec<u32> = Vec::new();
    let near = |(place, vector): (usize, &Vec<(u32, f32)>)| {
        for (term, weight) in vector {
            for (other, other_weight) in postings.get(*term as usize).into_iter().flatten() {
                let Some(score) = scores.get_mut(*other as usize) else { continue };
                if *score == 0.0 {
                    touched.push(*other);
                }
                *score += weight * other_weight;
            }
        }
        let found = touched.drain(..).filter_map(|other| {
            let score = scores.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
            (other as usize != place).then_some((other, score))
        });
        let list = strongest(found.collect(), most);
        if list.is_empty() {
            sellers.beside(place as u32, texts.get(place).copied().flatten(), most)
        } else {
            list
        }
    };
    vectors.iter().enumerate().map(near).collect()
}

/// Unit-length TF-IDF vectors over words (and their first five letters, for suffixes).
fn vectors(texts: &[Option<&ItemContent>]) -> Vec<Vec<(u32, f32)>> {
    let mut terms: IndexMap<String, u32> = IndexMap::new();
    let mut counted: Vec<IndexMap<u32, f32>> = Vec::with_capacity(texts.len());
    for text in texts {
        let line = words_line(text.map_or("", |one| one.text.as_str()));
        let mut counts: IndexMap<u32, f32> = IndexMap::new();
        let mut count = |term: String, weight: f32| {
            let next = terms.len() as u32;
            *counts.entry(*terms.entry(term).or_insert(next)).or_insert(0.0) += weight;
        };
        for word in words(&line) {
            count(word.to_owned(), 1.0);
            if let Some((end, _)) = word.char_indices().nth(5) {
                count(format!("{}~", word.get(..end).unwrap_or(word)), 0.5);
            }
        }
        counted.push(counts);
    }
    let mut seen = vec![0u32; terms.len()];
    for term in counted.iter().flat_map(IndexMap::keys) {
        seen.get_mut(*term as usize).into_iter().for_each(|count| *count += 1);
    }
    let n = texts.len() as f64;
    let rarity = |term: &u32| {
        let documents = f64::from(seen.get(*term as usize).copied().unwrap_or(1));
        let common = texts.len() > 20 && documents > n * TOO_COMMON;
        if common { 0.0 } else { ((n + 1.0) / (documents + 0.5)).ln() as f32 }
    };
    counted
        .into_iter()
        .map(|counts| {
            let vector = counts.into_iter().map(|(term, count)| (term, (1.0 + count).ln() * rarity(&term)));
            let vector: Vec<(u32, f32)> = vector.filter(|(_, weight)| *weight > 0.0).collect();
            let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-9);
            vector.into_iter().map(|(term, weight)| (term, weight / length)).collect()
        })
        .collect()
}

fn postings(vectors: &[Vec<(u32, f32)>]) -> Vec<Vec<(u32, f32)>> {
    let terms = vectors.iter().flatten().map(|(term, _)| *term as usize + 1).max().unwrap_or(0);
    let mut postings: Vec<Vec<(u32, f32)>> = vec![Vec::new(); terms];
    for (place, vector) in vectors.iter().enumerate() {
        for (term, weight) in vector {
            if let Some(list) = postings.get_mut(*term as usize).filter(|list| list.len() < MOST_POSTINGS) {
                list.push((place as u32, *weight));
            }
        }
    }
    postings
}

/// Best sellers, of all and by group.
struct Sellers {
    all: Vec<u32>,
    groups: IndexMap<u64, Vec<u32>>,
}

impl Sellers {
    fn new(texts: &[Option<&ItemContent>], popularity: &[f32]) -> Self {
        let mut all: Vec<u32> = (0..texts.len() as u32).collect();
        let sold = |place: &u32| popularity.get(*place as usize).copied().unwrap_or(0.0);
        all.sort_by(|a, b| sold(b).total_cmp(&sold(a)).then(a.cmp(b)));
        let mut groups: IndexMap<u64, Vec<u32>> = IndexMap::new();
        for place in &all {
            let group = texts.get(*place as usize).copied().flatten().map_or(0, |one| one.group);
            groups.entry(group).or_default().push(*place);
        }
        Self { all, groups }
    }

    fn beside(&self, place: u32, text: Option<&ItemContent>, most: usize) -> Vec<(u32, f32)> {
        let group = text.map(|one| one.group).filter(|group| *group > 0);
        let own = group.and_then(|group| self.groups.get(&group)).into_iter().flatten();
        let mut chosen: Vec<u32> = own.filter(|other| **other != place).take(most).copied().collect();
        if chosen.is_empty() {
            chosen = self.all.iter().filter(|other| **other != place).take(most).copied().collect();
        }
        chosen.into_iter().enumerate().map(|(rank, other)| (other, 0.05 / (rank as f32 + 1.0))).collect()
    }
}

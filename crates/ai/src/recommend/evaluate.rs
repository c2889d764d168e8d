//! Ranking measures, over all products, never over a sample of candidates.

/// NDCG@20 and Recall@20 of one list against what was bought.
pub fn at_20(ranked: &[u32], wanted: &[u32]) -> (f64, f64) {
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let hits = ranked.iter().take(20).enumerate().filter(|(_, item)| wanted.contains(item));
    let (found, gained) =
        hits.fold((0.0, 0.0), |(found, gained), (place, _)| (found + 1.0, gained + gain(place)));
    let ideal: f64 = (0..wanted.len().min(20)).map(gain).sum();
    (gained / f64::max(ideal, f64::MIN_POSITIVE), found / wanted.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_list_scores_one() {
        assert_eq!(at_20(&[3, 1], &[1, 3]), (1.0, 1.0));
        let (ndcg, recall) = at_20(&[9, 1], &[1, 3]);
        assert!((ndcg - 0.6309 / 1.6309).abs() < 1e-4 && recall == 0.5);
        assert_eq!(at_20(&[], &[1]), (0.0, 0.0));
    }
}

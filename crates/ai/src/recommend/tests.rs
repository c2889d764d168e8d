use super::*;
use meschain_base::{Error, Progress};
use proptest::prelude::*;
use std::sync::OnceLock;

const NOW: i64 = 1_700_000_000;
const DAY_S: i64 = 86_400;

/// Two tribes: one buys 1..=10, the other 11..=20; 21 is bought again and again by all; 30..=33 are new.
fn data() -> TrainData {
    let mut interactions = Vec::new();
    let mut baskets = Vec::new();
    for user in 0..120u64 {
        let first = if user % 2 == 0 { 1 } else { 11 };
        for step in 0..6u64 {
            let item = first + (user / 2 * 7 + step * 3) % 10;
            let age = 3 + ((user * 13 + step * 29) % 200) as i64;
            interactions.push(Interaction { user, item, times: 1, last: NOW - age * DAY_S });
            baskets.push(BasketLine { order: user * 3 + step / 2, item });
        }
        interactions.push(Interaction {
            user,
            item: 21,
            times: 5,
            last: NOW - (10 + user as i64 % 30) * DAY_S,
        });
    }
    let word = |item: u64| match item {
        1..=10 => "süt peynir",
        11..=20 => "sabun deterjan",
        21 => "ekmek",
        30 | 31 => "süt",
        _ => "bambaşka",
    };
    let content = (1..=21)
        .chain(30..=33)
        .map(|item| ItemContent { item, text: format!("{} ürün{item}", word(item)), group: item / 11 + 1 })
        .collect();
    TrainData { interactions, baskets, content, now: NOW, ..TrainData::default() }
}

fn options() -> TrainOptions {
    TrainOptions { seed: 1, threads: 1, created: String::new(), memory_bytes: 1 << 30 }
}

fn model() -> &'static Recommender {
    static MODEL: OnceLock<Recommender> = OnceLock::new();
    MODEL.get_or_init(|| Recommender::of(train(&data(), &options(), &Progress::silent()).unwrap()).unwrap())
}

fn query<'a>(limit: usize, allowed: &'a dyn Fn(u64) -> bool) -> Query<'a> {
    Query::new(limit, NOW, allowed)
}

fn bought(items: &[u64]) -> Vec<History> {
    items.iter().map(|item| History { item: *item, times: 3, last: NOW - 20 * DAY_S }).collect()
}

fn ids(answers: &[Recommendation]) -> Vec<u64> {
    answers.iter().map(|one| one.item).collect()
}

#[test]
fn recommends_what_the_own_tribe_buys_and_not_what_is_there_already() {
    let answers = model().recommend(&bought(&[1, 4]), &query(4, &|_| true));
    assert_eq!(answers.len(), 4);
    assert!(
        answers.iter().all(|one| !(11..=20).contains(&one.item) && ![1, 4].contains(&one.item)),
        "{answers:?}"
    );
    assert!(answers.iter().any(|one| matches!(one.reason, Reason::SimilarTo { item: 1 | 4 })));
}

#[test]
fn what_a_large_customer_bought_long_ago_is_not_new_to_him() {
    let bought = |user: u64| {
        (0..40u64).map(move |step| Interaction {
            user,
            item: 1 + (user * 31 + step * 7) % 400,
            times: 1,
            last: NOW - (1 + step as i64) * DAY_S,
        })
    };
    let data =
        TrainData { interactions: (0..60).flat_map(bought).collect(), now: NOW, ..TrainData::default() };
    let model = Recommender::of(train(&data, &options(), &Progress::silent()).unwrap()).unwrap();
    let history: Vec<History> =
        (1..400).map(|item| History { item, times: 1, last: NOW - item as i64 * DAY_S }).collect();
    let answers = model.recommend(&history, &query(5, &|_| true));
    assert_eq!(ids(&answers), vec![400]);
}

#[test]
fn what_a_purchase_speaks_against_comes_later() {
    // Tea goes with cups and with filters; who has a machine buys capsules, and no filters, though machines go with tea as well.
    let (tea, machine, filter, capsules) = (1, 2, 3, 4);
    let basket = |user: u64| -> &[u64] {
        match user % 3 {
            0 => &[1, 3],
            1 => &[1, 2, 4],
            _ => &[2, 4],
        }
    };
    let bought = |user: u64| {
        let items = basket(user).iter().copied().chain([5 + user % 2]);
        items
            .map(move |item| Interaction { user, item, times: 1, last: NOW - user as i64 * DAY_S })
            .collect::<Vec<_>>()
    };
    let interactions = (0..300).flat_map(bought).collect();
    let data = TrainData { interactions, now: NOW, ..TrainData::default() };
    let model = Recommender::of(train(&data, &options(), &Progress::silent()).unwrap()).unwrap();
    let has = |items: &[u64]| {
        let history: Vec<History> =
            items.iter().map(|item| History { item: *item, times: 1, last: NOW }).collect();
        let answers = model.recommend(&history, &query(3, &|_| true));
        answers.iter().position(|one| one.item == filter)
    };
    assert_eq!(has(&[tea]), Some(0));
    assert!(has(&[tea, machine]).is_none_or(|place| place > 0), "{:?}", has(&[tea, machine]));
    let alike = model.similar(machine, &query(5, &|_| true));
    assert!(alike.iter().any(|one| one.item == capsules) && alike.iter().all(|one| one.score > 0.0));
    assert!(alike.iter().all(|one| one.item != filter), "{alike:?}");
}

#[test]
fn a_consumable_comes_back_only_when_asked_for() {
    let again = Query { repeat: true, ..query(10, &|_| true) };
    let answers = model().recommend(&bought(&[21, 1]), &again);
    assert!(answers.iter().any(|one| one.item == 21 && one.reason == Reason::BuyAgain), "{answers:?}");
    assert!(!ids(&model().recommend(&bought(&[21, 1]), &query(10, &|_| true))).contains(&21));
}

#[test]
fn a_new_product_has_neighbours_by_its_text_and_is_reached_by_it() {
    for item in 30..=33 {
        assert!(!model().similar(item, &query(3, &|_| true)).is_empty(), "item {item}");
    }
    let answers = model().similar(30, &query(1, &|_| true));
    assert_eq!((answers[0].item, answers[0].reason), (31, Reason::ContentLike { item: 30 }));
    let reached = model().recommend(&bought(&[2]), &query(20, &|_| true));
    assert!(
        reached.iter().any(|one| one.item == 30 && matches!(one.reason, Reason::ContentLike { item: 2 }))
    );
}

#[test]
fn baskets_name_what_they_go_with() {
    let first = data().baskets[0].item;
    let answers = model().bought_together(&[first], &query(3, &|_| true));
    assert!(
        answers.iter().all(|one| one.reason == Reason::BoughtTogether { with: first } && one.item != first)
    );
    assert!(!answers.is_empty());
    let basket = model().for_basket(&[first, 999], &query(8, &|_| true));
    assert_eq!(basket.len(), 8);
}

#[test]
fn without_a_history_it_offers_what_sells() {
    let answers = model().recommend(&[], &query(3, &|_| true));
    assert_eq!(ids(&answers), ids(&model().trending(&query(3, &|_| true))));
    assert_eq!(answers[0].item, 21);
    assert!(model().similar(999, &query(3, &|_| true)).is_empty());
}

#[test]
fn diversity_mixes_groups() {
    let narrow = model().recommend(&bought(&[1, 11]), &query(6, &|_| true));
    let mixed = model().recommend(&bought(&[1, 11]), &Query { diversity: 0.9, ..query(6, &|_| true) });
    let groups = |answers: &[Recommendation]| {
        let mut counts = [0usize; 4];
        answers.iter().for_each(|one| counts[(one.item / 11) as usize] += 1);
        counts.into_iter().max().unwrap()
    };
    assert!(groups(&mixed) <= groups(&narrow));
}

#[test]
fn of_a_family_the_best_is_answered_and_the_list_is_full_all_the_same() {
    let family = |item: u64| item / 3;
    let free = model().recommend(&bought(&[1, 11]), &query(6, &|_| true));
    let answers = model().recommend(&bought(&[1, 11]), &Query { family: &family, ..query(6, &|_| true) });
    assert_eq!((answers.len(), answers[0].item), (6, free[0].item));
    let mut families: Vec<u64> = ids(&answers).into_iter().map(family).collect();
    families.sort_unstable();
    families.dedup();
    assert_eq!(families.len(), 6, "{answers:?}");
    assert!(ids(&free) != ids(&answers), "there are families to be told apart");
}

#[test]
fn neighbours_serve_where_the_catalogue_does_not_fit() {
    let small = TrainOptions { memory_bytes: 100, threads: 2, ..options() };
    let file = train(&data(), &small, &Progress::silent()).unwrap();
    assert_eq!(file.header().parameters["method"], "item_neighbors");
    assert_eq!(model().file().header().parameters["method"], "ease");
    let answers = Recommender::of(file).unwrap().recommend(&bought(&[1, 4]), &query(4, &|_| true));
    assert!(answers.iter().all(|one| !(11..=20).contains(&one.item)), "{answers:?}");
}

#[test]
fn each_part_is_worth_what_is_lost_without_it() {
    let importance = &model().file().header().parameters["importance"];
    let shares = importance.as_array().unwrap();
    assert_eq!(shares[0]["feature"], "co_purchase", "two tribes: {importance}");
    assert!(shares.iter().any(|one| one["feature"] == "repeat"), "all buy 21 again and again: {importance}");
    let whole: f64 = shares.iter().map(|one| one["importance"].as_f64().unwrap()).sum();
    assert!((whole - 1.0).abs() < 1e-7);
}

#[test]
fn the_same_data_in_any_order_gives_the_same_bytes() {
    let mut turned = data();
    turned.interactions.reverse();
    turned.baskets.reverse();
    turned.content.reverse();
    let again = train(&turned, &options(), &Progress::silent()).unwrap();
    assert_eq!(model().file().checksum(), again.checksum());
    let metrics = &model().file().header().metrics;
    assert!(metrics["ndcg20"] >= metrics["baseline_ndcg20"], "{metrics:?}");
}

#[test]
fn a_shop_that_sells_to_guests_alone_learns_from_their_orders() {
    let guests: Vec<Interaction> = data()
        .interactions
        .into_iter()
        .map(|one| Interaction { user: one.user * 3 + one.item % 3, times: 1, ..one })
        .collect();
    let shop = TrainData { interactions: Vec::new(), guests, ..data() };
    let model = Recommender::of(train(&shop, &options(), &Progress::silent()).unwrap()).unwrap();
    let query = Query::new(3, NOW, &|item| item != 21);
    let similar = ids(&model.similar(4, &query));
    assert!(similar.len() == 3 && similar.iter().all(|item| (1..=10).contains(item)), "{similar:?}");
    let everything = Query { allowed: &|_| true, ..query };
    assert_eq!(ids(&model.trending(&everything)).first(), Some(&21), "what sells is what guests buy");
}

#[test]
fn thin_data_is_refused_with_what_is_missing() {
    let few = TrainData { interactions: data().interactions[..10].to_vec(), ..data() };
    let refused = train(&few, &options(), &Progress::silent()).unwrap_err();
    assert!(matches!(refused, Error::NotEnoughData { unit: "purchases", needed: 50, found: 10, .. }));
    let mut taken_back = data();
    taken_back.interactions.iter_mut().skip(7).for_each(|one| one.times = 0);
    let refused = train(&taken_back, &options(), &Progress::silent()).unwrap_err();
    assert!(matches!(refused, Error::NotEnoughData { unit: "purchases", needed: 50, found: 7, .. }));
}

proptest! {
    #[test]
    fn a_filtered_product_is_never_recommended(
        history in prop::collection::vec((0u64..40, 0u32..9, -400i64..400), 0..30),
        limit in 0usize..30, diversity in -1.0f64..2.0, repeat in any::<bool>(), mask in any::<u64>(),
    ) {
        let allowed = |item: u64| mask >> (item % 64) & 1 == 1;
        let query = Query { diversity, repeat, ..Query::new(limit, NOW, &allowed) };
        let history: Vec<History> =
            history.iter().map(|(item, times, age)| History { item: *item, times: *times, last: NOW - age * DAY_S }).collect();
        let items: Vec<u64> = history.iter().map(|one| one.item).collect();
        let answers = [
            model().recommend(&history, &query), model().bought_together(&items, &query),
            model().for_basket(&items, &query), model().trending(&query),
            model().similar(items.first().copied().unwrap_or(1), &query),
        ];
        for answer in &answers {
            prop_assert!(answer.len() <= limit);
            prop_assert!(answer.iter().all(|one| allowed(one.item) && one.score.is_finite()));
            let mut once = ids(answer);
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), answer.len());
        }
        if !repeat {
            prop_assert!(answers[0].iter().all(|one| !items.contains(&one.item)));
        }
        prop_assert!(answers[1].iter().chain(&answers[2]).all(|one| !items.contains(&one.item)));
    }

    #[test]
    fn any_byte_flipped_is_refused(at in any::<prop::sample::Index>(), change in 1u8..=255) {
        let mut bytes = model().file().bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(crate::model_file::ModelFile::from_bytes(&bytes, KIND, FORMAT).is_err());
    }
}

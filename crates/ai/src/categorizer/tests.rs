use super::weighting::Weighting;
use super::*;
use meschain_base::{Error, Progress};
use proptest::prelude::*;
use rand::RngExt;
use std::sync::OnceLock;

fn categories() -> Vec<Category> {
    [(1, 0, "Gıda"), (2, 1, "Süt"), (3, 1, "Peynir"), (4, 0, "Temizlik"), (5, 4, "Sabun")]
        .map(|(category_id, parent_id, name)| Category { category_id, parent_id, name: name.to_owned() })
        .to_vec()
}

/// Titles made of a category's own words, and a few shared ones.
fn examples() -> Vec<Example> {
    let kinds = [
        (2, ["yağlı süt", "günlük SÜT", "laktozsuz süt", "çilekli süt"], 30.0),
        (3, ["kaşar peyniri", "beyaz PEYNİR", "tulum peyniri", "lor peyniri"], 200.0),
        (5, ["sıvı sabun", "katı SABUN", "yedek sabun", "gül sabunu"], 60.0),
    ];
    let brands = ["Pınar", "İçim", "Işık", "Sek"];
    let mut all = Vec::new();
    for (category_id, words, price) in kinds {
        for n in 0..40usize {
            let brand = brands[n % 4];
            let product = ProductText {
                name: format!("{brand} {} {} G", words[(n / 4) % 4], 100 + n * 7),
                brand: brand.to_owned(),
                price: Some(price * (1.0 + n as f64 / 100.0)),
                ..ProductText::default()
            };
            all.push(Example { product_id: all.len() as u64 + 1, product, category_id, confirmed: false });
        }
    }
    all
}

fn options(threads: usize) -> TrainOptions {
    TrainOptions { seed: 11, threads, created: "2026-11-22T05:00:00Z".to_owned(), misplaced: false }
}

fn model() -> &'static Categorizer {
    static MODEL: OnceLock<Categorizer> = OnceLock::new();
    MODEL.get_or_init(|| {
        let file = train(&examples(), &categories(), &options(1), &Progress::silent()).unwrap();
        Categorizer::of(file).unwrap()
    })
}

fn titled(name: &str) -> ProductText {
    ProductText { name: name.to_owned(), ..ProductText::default() }
}

#[test]
fn categories_that_are_their_own_parents_parents_make_nothing_sure() {
    let looping = |(id, parent)| Category { category_id: id, parent_id: parent, name: id.to_string() };
    let tree = [(2, 3), (3, 2), (5, 5)].map(looping);
    let file = train(&examples(), &tree, &options(1), &Progress::silent()).unwrap();
    let model = Categorizer::of(file).unwrap();
    let answers = model.predict(&titled(""), &PredictOptions::default());
    assert!(answers.iter().all(|answer| answer.confidence < 0.5 && !answer.backed_off), "{answers:?}");
    let answers = model.predict(&titled("beyaz peynir"), &PredictOptions::default());
    assert_eq!((answers[0].category_id, answers[0].path.as_str()), (3, "2 > 3"));
}

#[test]
fn learns_and_says_how_well() {
    let answers = model().predict(&titled("Taze günlük süt 1 L"), &PredictOptions::default());
    assert_eq!((answers[0].category_id, answers[0].path.as_str()), (2, "Gıda > Süt"));
    assert!(answers[0].suggested && answers[0].confidence > 0.5, "{answers:?}");
    let metrics = &model().file().header().metrics;
    assert!(metrics["top1"] > 0.9 && metrics["held_out"] > 0.0, "{metrics:?}");
    assert!(metrics.contains_key("baseline_top1") && metrics.contains_key("ece"));
}

#[test]
fn capitals_of_either_keyboard_are_the_same_text() {
    let options = PredictOptions::default();
    assert_eq!(
        model().predict(&titled("IŞIK SIVI SABUN"), &options),
        model().predict(&titled("ışık sıvı sabun"), &options)
    );
}

#[test]
fn the_same_data_and_seed_give_the_same_bytes_on_any_number_of_threads() {
    let again = train(&examples(), &categories(), &options(2), &Progress::silent()).unwrap();
    assert_eq!(model().file().checksum(), again.checksum());
}

#[test]
fn a_parent_is_given_where_only_it_is_sure() {
    let unsure = titled("süt peyniri");
    let leaves = model().predict(&unsure, &PredictOptions { confidence_threshold: 0.0, max_categories: 9 });
    let top = leaves[0].confidence;
    let food: f64 = leaves.iter().filter(|s| [2, 3].contains(&s.category_id)).map(|s| s.confidence).sum();
    assert!(food > top);
    let threshold = f64::midpoint(food, top);
    let answers =
        model().predict(&unsure, &PredictOptions { confidence_threshold: threshold, max_categories: 3 });
    assert_eq!((answers[0].category_id, answers[0].backed_off, answers[0].suggested), (1, true, true));
    assert!(answers[1..].iter().all(|answer| !answer.suggested));
}

#[test]
fn explains_with_the_words_that_spoke_for_it() {
    let explanation = model().explain(&titled("gül sabunu"), 200).unwrap();
    assert_eq!(explanation.category_id, 5);
    let soap = explanation.contributions.iter().find(|c| c.kind == "word" && c.text == "sabunu").unwrap();
    assert!(soap.weight > 0.0);
    assert!(explanation.contributions.is_sorted_by(|a, b| a.weight.abs() >= b.weight.abs()));
    assert_eq!(
        model().explain(&titled("gül sabunu"), 3).unwrap().contributions,
        explanation.contributions[..3]
    );
}

/// Scores from single features, without any phrase.
fn scores_by_feature(model: &Categorizer, product: &ProductText) -> Vec<f32> {
    let (mut sums, mut length, mut squares) = (vec![0f32; model.tree.classes()], 0f32, 0f32);
    super::features::visit(product, &mut |feature| {
        let Some(known) = model.weights.find(feature.hash) else { return };
        known.add(feature.weight, &mut sums);
        length += feature.weight;
        squares += feature.weight * feature.weight;
    });
    let constants = model.bias.iter().zip(model.slope.iter());
    let score = |(sum, (bias, slope)): (&f32, (&f32, &f32))| bias + (sum + slope * length) / squares.sqrt();
    sums.iter().zip(constants).map(score).collect()
}

#[test]
fn phrases_say_what_their_features_say() {
    assert!(model().phrases.len() > 20);
    for example in examples() {
        let scores = model().scores(&example.product);
        let expected = scores_by_feature(model(), &example.product);
        let near = scores.iter().zip(&expected).all(|(score, expected)| (score - expected).abs() < 0.01);
        assert!(near, "{:?}: {scores:?} {expected:?}", example.product);
    }
}

#[test]
fn a_product_in_the_wrong_category_is_found() {
    let mut wrong = examples();
    wrong[5].category_id = 5;
    let found = find_misplaced(&wrong, &categories(), 0.6, &options(1), &Progress::silent()).unwrap();
    let first = found.iter().find(|one| one.product_id == wrong[5].product_id).unwrap();
    assert_eq!((first.current, first.suggested), (5, 2));
    assert!(first.reasons.iter().any(|word| word.contains("süt")), "{first:?}");
    assert!(found.is_sorted_by(|a, b| a.confidence >= b.confidence));
    assert!(model().misplaced().unwrap().is_empty());
    assert!(found.len() <= 3, "{found:?}");
}

#[test]
fn a_model_of_rare_words_answers_alike_and_an_update_keeps_its_weighting() {
    assert_eq!(model().weighting(), Weighting::Common);
    let (examples, categories, options) = (examples(), categories(), options(1));
    let (classes, silent) = (tree::classes_of(&examples), Progress::silent());
    let trainer =
        train::Trainer::weighted(&examples, &categories, &classes, Weighting::Rare, &options, &silent);
    let rare = trainer.whole(None, &train::Findings::default()).unwrap();
    let update = update(&rare, &examples, &categories, &options, &silent).unwrap();
    for file in [rare, update] {
        let model = Categorizer::of(file).unwrap();
        assert_eq!(model.weighting(), Weighting::Rare);
        let one = PredictOptions { max_categories: 1, ..PredictOptions::default() };
        let right = |example: &&Example| {
            model.predict(&example.product, &one).first().map(|first| first.category_id)
                == Some(example.category_id)
        };
        assert_eq!(examples.iter().filter(right).count(), examples.len());
    }
}

/// Categories that are single models, under titles of several shops: a code of a few letters tells, all else is every model's.
fn single_models() -> Vec<Example> {
    let words = [
        "buzdolabı",
        "no",
        "frost",
        "beyaz",
        "inox",
        "a++",
        "enerji",
        "sınıfı",
        "çift",
        "kapılı",
        "geniş",
        "sessiz",
    ];
    let mut random = meschain_base::random::seeded(5, 0);
    let mut all = Vec::new();
    for model in 0..40u64 {
        let code = format!("{}{:03}", ["KD", "KG", "RB", "NF"][(model % 4) as usize], 300 + model * 7);
        for _ in 0..7 {
            let mut title: Vec<String> =
                (0..5).map(|_| words[random.random_range(0..words.len())].to_owned()).collect();
            let typed = if random.random_range(0..3) == 0 { format!("{code}x") } else { code.clone() };
            title.insert(random.random_range(0..6), typed);
            let product = titled(&title.join(" "));
            all.push(Example {
                product_id: all.len() as u64 + 1,
                product,
                category_id: 10 + model,
                confirmed: false,
            });
        }
    }
    all
}

#[test]
fn a_small_catalogue_of_single_models_learns_that_rare_words_decide() {
    let file = train(&single_models(), &[], &options(1), &Progress::silent()).unwrap();
    let held_out = file.header().metrics["held_out"];
    assert!(held_out > 200.0, "seven parts of it judge: {held_out}");
    let model = Categorizer::of(file).unwrap();
    assert_eq!(model.weighting(), Weighting::Rare);
}

#[test]
fn thin_data_is_refused_with_what_is_missing() {
    let few = &examples()[..20];
    let refused = train(few, &categories(), &options(1), &Progress::silent()).unwrap_err();
    assert!(matches!(refused, Error::NotEnoughData { unit: "products", needed: 50, found: 20, .. }));
    let mut nameless = examples();
    nameless.iter_mut().skip(30).for_each(|example| example.product.name = " - ".to_owned());
    let refused = train(&nameless, &categories(), &options(1), &Progress::silent()).unwrap_err();
    assert!(matches!(refused, Error::NotEnoughData { unit: "products", needed: 50, found: 30, .. }));
    let mut one = examples();
    one.iter_mut().for_each(|example| example.category_id = 2);
    let refused = train(&one, &categories(), &options(1), &Progress::silent()).unwrap_err();
    assert!(matches!(refused, Error::NotEnoughData { unit: "categories", needed: 2, found: 1, .. }));
}

#[test]
fn families_of_features_have_shares_that_sum_to_one() {
    let shares = model().importance();
    assert!((shares.iter().map(|one| one.importance).sum::<f64>() - 1.0).abs() < 1e-7, "{shares:?}");
    assert!(shares.iter().any(|one| one.feature == "letters"));
    assert!(shares.is_sorted_by(|a, b| a.importance >= b.importance));
}

#[test]
fn a_title_of_ten_thousand_letters_is_cut_where_long_titles_end() {
    let long = format!("günlük süt {}", "ş".repeat(10_000));
    let answers = model().predict(&titled(&long), &PredictOptions::default());
    assert!(!answers.is_empty());
    let mut seen = 0usize;
    super::features::visit(&titled(&long), &mut |_| seen += 1);
    assert!(seen < 2_000, "{seen}");
}

#[test]
fn a_title_without_words_still_gets_an_answer() {
    for name in ["", "   ", "!!!", "\u{301}"] {
        let answers = model().predict(&titled(name), &PredictOptions::default());
        assert!(answers.iter().all(|answer| answer.confidence.is_finite()), "{name:?}");
        assert_eq!(answers.len(), 3, "{name:?}");
    }
}

#[test]
fn rules_answer_without_a_model() {
    let rules = FallbackRules::new(&examples(), &categories());
    let answers = rules.predict(&titled("Köy peyniri"), &PredictOptions::default());
    assert_eq!((answers[0].category_id, answers[0].path.as_str()), (3, "Gıda > Peynir"));
    assert!(FallbackRules::default().predict(&titled("x"), &PredictOptions::default()).is_empty());
}

#[test]
fn a_loaded_model_answers_as_the_trained_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.model");
    model().file().write(&path).unwrap();
    let loaded = Categorizer::open(&path).unwrap();
    let product = &examples()[3].product;
    assert_eq!(
        loaded.predict(product, &PredictOptions::default()),
        model().predict(product, &PredictOptions::default())
    );
}

proptest! {
    #[test]
    fn any_text_gets_probabilities_that_sum_to_one(
        name in any::<String>(), description in any::<String>(), brand in any::<String>(), price in any::<f64>(),
        images in any::<u32>(),
    ) {
        let product = ProductText { name, description, brand, price: Some(price), attributes: vec![], images };
        let p = model().probabilities(&product);
        prop_assert!(p.iter().all(|p| p.is_finite() && *p >= 0.0));
        prop_assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }

    #[test]
    fn any_byte_flipped_is_refused(at in any::<prop::sample::Index>(), change in 1u8..=255) {
        let mut bytes = model().file().bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(crate::model_file::ModelFile::from_bytes(&bytes, KIND, FORMAT).is_err());
    }
}

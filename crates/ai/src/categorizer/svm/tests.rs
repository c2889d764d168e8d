use super::*;

fn corners() -> Problem {
    let rows: Vec<_> = (0..60).map(|n| vec![(n % 3, 1.0f32), (3 + n % 5, 0.3)]).collect();
    let labels = (0..60).map(|n| n % 3).collect();
    Problem { columns: Columns::new(&rows, 8), labels, weights: vec![1.0; 60], classes: 3, scales: vec![] }
}

const ALL: Part<'_> = Part { included: &[true; 60], start: Start::Nowhere, bayes: 0.015, most_own: 12.0 };

/// The weight of each column's carrier for a class, dotted with a row.
fn score(problem: &Problem, solved: &Solution, row: usize, class: u16) -> f32 {
    let weight = |feature: u32| {
        let found = solved.entries.iter().find(|e| e.feature == feature && e.class == class);
        found.map_or(0.0, |entry| entry.weight)
    };
    let of = |(column, value): &(u32, f32)| {
        let members = problem.columns.members(*column as usize);
        members.iter().map(|(feature, share)| weight(*feature) * share * value).sum::<f32>()
    };
    solved.bias[class as usize] + problem.columns.row(row).iter().map(of).sum::<f32>()
}

#[test]
fn separates_what_can_be_separated_and_does_so_alike_on_any_number_of_threads() {
    let problem = corners();
    let one = solve(&problem, ALL, 0.0, 7, 1, &Progress::silent()).unwrap();
    let two = solve(&problem, ALL, 0.0, 7, 2, &Progress::silent()).unwrap();
    assert_eq!((&one.entries, &one.bias, &one.slope), (&two.entries, &two.bias, &two.slope));
    for (row, label) in problem.labels.iter().enumerate() {
        let score = |class: u16| score(&problem, &one, row, class);
        let best = (0..3u16).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap();
        assert_eq!(u32::from(best), *label);
    }
}

#[test]
fn a_start_from_another_part_comes_to_the_same_place() {
    let problem = corners();
    let some: Vec<bool> = (0..60).map(|row| row % 4 != 0).collect();
    let before = solve(&problem, Part { included: &some, ..ALL }, 0.0, 7, 1, &Progress::silent());
    let before = before.unwrap();
    let left_out = |duals: &Duals| duals.iter().flatten().any(|(row, _)| row % 4 == 0);
    assert!(!left_out(&before.duals), "what is not included pulls nothing");
    let warm = Part { start: Start::Near(&before.duals), ..ALL };
    let warm = solve(&problem, warm, 0.0, 7, 1, &Progress::silent()).unwrap();
    let cold = solve(&problem, ALL, 0.0, 7, 1, &Progress::silent()).unwrap();
    for row in 0..60 {
        for class in 0..3 {
            let (warm, cold) = (score(&problem, &warm, row, class), score(&problem, &cold, row, class));
            assert!((warm - cold).abs() < 3.0 * TOLERANCE, "{row} {class}: {warm} {cold}");
        }
    }
}

#[test]
fn a_solution_is_made_again_from_its_support_vectors() {
    let problem = corners();
    let first = solve(&problem, ALL, 0.0, 7, 1, &Progress::silent()).unwrap();
    let again = Part { start: Start::Solved(&first.duals), ..ALL };
    let again = solve(&problem, again, 0.0, 7, 1, &Progress::silent()).unwrap();
    for (first, again) in first.entries.iter().zip(&again.entries) {
        assert!((first.weight - again.weight).abs() < 1e-4, "{first:?} {again:?}");
    }
    assert_eq!((first.entries.len(), &first.duals), (again.entries.len(), &again.duals));
}

#[test]
fn a_scaled_solution_is_for_the_values_before() {
    let mut problem = corners();
    let part = Part { bayes: 0.0, ..ALL };
    let plain = solve(&problem, part, 0.0, 7, 1, &Progress::silent()).unwrap();
    problem.scales = vec![2.0; 8];
    let scaled = solve(&problem, part, 0.0, 7, 1, &Progress::silent()).unwrap();
    assert_eq!((&plain.bias, plain.entries.len()), (&scaled.bias, scaled.entries.len()));
    for (plain, scaled) in plain.entries.iter().zip(&scaled.entries) {
        assert_eq!(scaled.weight, 2.0 * plain.weight);
    }
}

#[test]
fn rows_that_count_more_win_where_rows_contradict() {
    let sure_of = |class: u32| {
        let mut problem = Problem { classes: 2, ..Problem::default() };
        let mut rows = Vec::new();
        for n in 0..40u32 {
            // The same words in either category, as often.
            rows.push(vec![(n / 2 % 2, 1.0), (2 + n % 2, 0.1)]);
            problem.labels.push(n % 2);
            problem.weights.push(if n % 2 == class { 3.0 } else { 1.0 });
        }
        problem.columns = Columns::new(&rows, 4);
        let solved = solve(&problem, ALL, 0.0, 7, 1, &Progress::silent()).unwrap();
        let score = |class: u16| {
            let of_word = |entry: &&Entry| entry.feature == 0 && entry.class == class;
            solved.bias[class as usize] + solved.entries.iter().find(of_word).map_or(0.0, |e| e.weight)
        };
        (score(0), score(1))
    };
    let (first, second) = (sure_of(0), sure_of(1));
    assert!(first.0 > first.1 && second.1 > second.0, "{first:?} {second:?}");
}

#[test]
fn stops_when_cancelled() {
    let progress = Progress::silent();
    progress.cancel();
    assert_eq!(solve(&corners(), ALL, 0.0, 7, 1, &progress).err(), Some(Error::Cancelled));
}

use super::*;
use crate::settings::By;
use meschain_base::Progress;
use meschain_shop::mysql::TxOpts;
use meschain_shop::rows;
use meschain_testkit::mariadb;
use serde_json::{Value, json};

fn store(name: &str) -> Store {
    let database = Database::main(&mariadb().fresh(name)).unwrap();
    let catalogue = [
        "CREATE TABLE oc_product (product_id int PRIMARY KEY, model varchar(64))",
        "CREATE TABLE oc_category (category_id int PRIMARY KEY, parent_id int, status tinyint)",
        "CREATE TABLE oc_category_description (category_id int, language_id int, name varchar(255))",
        "INSERT INTO oc_category VALUES (3, 0, 1), (7, 3, 1), (9, 3, 0)",
        "INSERT INTO oc_category_description VALUES (3, 1, 'Mutfak'), (7, 1, 'İnce Bardak'), (9, 1, 'Tabak &amp; Kase')",
        "CREATE TABLE oc_product_description (product_id int, language_id int, name varchar(255))",
        "INSERT INTO oc_product VALUES (1, 'A-1'), (2, 'B-2')",
        "INSERT INTO oc_product_description VALUES (1, 1, 'Çay 100 %'), (2, 1, 'Kahve')",
    ];
    for statement in catalogue {
        rows::change(&mut database.connection().unwrap(), statement, ()).unwrap();
    }
    meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
    Store::new(&database)
}

fn price(product_id: u32, price: f64) -> NewSuggestion {
    NewSuggestion {
        kind: Kind::Price,
        product_id,
        marketplace_id: 1,
        before: json!({ "price": 10.0 }),
        suggested: json!({ "price": price }),
        reason: json!({ "code": "raise_price" }),
        confidence: Some(0.9),
        expected_gain: Some(price - 10.0),
        model_version: None,
        valid_days: 14,
    }
}

fn list(store: &Store, filter: Filter) -> (Vec<u64>, u64) {
    let page = store.list(&Filter { limit: 50, ..filter }, 1).unwrap();
    let ids = page["items"].as_array().unwrap().iter().map(|item| item["product_id"].as_u64().unwrap());
    (ids.collect(), page["total"].as_u64().unwrap())
}

fn first(store: &Store) -> u64 {
    store.list(&Filter { limit: 1, ..Filter::default() }, 1).unwrap()["items"][0]["suggestion_id"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_product_goes_by_its_name_in_any_language() {
    let store = store("names");
    let text =
        "INSERT INTO oc_product_description VALUES (2, 4, 'Kaffee'), (3, 5, 'Tee'), (3, 4, 'Tee aus Rize')";
    rows::change(&mut store.database.connection().unwrap(), text, ()).unwrap();
    let proposals = [price(1, 11.0), price(2, 12.0), price(3, 13.0), price(9, 14.0)];
    store.offer(&proposals).unwrap();
    let names = |language| {
        let page = store.list(&Filter { limit: 50, ..Filter::default() }, language).unwrap();
        let items = page["items"].as_array().unwrap().clone();
        let mut names: Vec<_> =
            items.iter().map(|item| (item["product_id"].as_u64(), item["name"].clone())).collect();
        names.sort_by_key(|(id, _)| *id);
        names.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    assert_eq!(names(1), [json!("Çay 100 %"), json!("Kahve"), json!("Tee aus Rize"), Value::Null]);
    assert_eq!(names(4), [json!("Çay 100 %"), json!("Kaffee"), json!("Tee aus Rize"), Value::Null]);
    let found = Filter { search: "Rize".into(), ..Filter::default() };
    assert_eq!(list(&store, found), (vec![3], 1));
}

fn by(user_id: u32) -> By {
    By { user_id: Some(user_id), user_name: format!("admin {user_id}") }
}

fn instead(value: Value) -> Approval {
    Approval { value: Some(value), language_id: 1, ..Approval::default() }
}

fn category(product_id: u32, remove: Value) -> NewSuggestion {
    NewSuggestion {
        kind: Kind::Category,
        before: json!({ "categories": [{ "category_id": 3, "path": "Mutfak" }] }),
        suggested: json!({ "add": [{ "category_id": 7, "path": "Mutfak > İnce Bardak" }], "remove": remove }),
        ..price(product_id, 11.0)
    }
}

#[test]
fn a_waiting_proposal_is_brought_up_to_date_and_never_doubled() {
    let store = store("suggest_offer");
    let offered = store.offer(&[price(1, 11.0), price(2, 12.0)]).unwrap();
    assert_eq!(offered, Offered { new: 2, refreshed: 0, muted: 0 });
    assert_eq!(store.offer(&[price(1, 11.5)]).unwrap(), Offered { new: 0, refreshed: 1, muted: 0 });
    assert_eq!(list(&store, Filter::default()), (vec![2, 1], 2));
    let counts = store.counts().unwrap();
    assert_eq!((&counts["price"]["pending"], &counts["price"]["gain"]), (&json!(2), &json!(3.5)));
    assert_eq!(counts["category"]["pending"], json!(0));
}

#[test]
fn one_of_two_administrators_gets_it_and_every_step_is_logged() {
    let store = store("suggest_steps");
    store.offer(&[price(1, 11.0)]).unwrap();
    let id = first(&store);
    let won: Vec<bool> = std::thread::scope(|scope| {
        let tries: Vec<_> = (1..=4)
            .map(|user| {
                scope.spawn({
                    let store = &store;
                    move || store.begin(id, &Approval::default(), &by(user)).is_ok()
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    assert_eq!(store.applied(id, None, &by(1)).unwrap()["after"], json!({ "price": 11.0 }));
    assert!(matches!(store.applied(id, None, &by(1)), Err(Error::Unsupported { .. })));
    assert_eq!(store.begin_undo(id, &by(1)).unwrap()["status"], "undoing");
    assert_eq!(store.undone(id, &by(1)).unwrap()["status"], "undone");
    assert!(matches!(store.begin(77, &Approval::default(), &by(1)), Err(Error::NotFound { .. })));
    let log = store.audit(&AuditFilter { suggestion_id: Some(id), start: 0, limit: 50 }).unwrap();
    let actions: Vec<&str> = log.iter().rev().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["approved", "applied", "undoing", "undone"]);
}

#[test]
fn a_step_that_gets_in_anothers_way_is_taken_all_the_same() {
    let store = store("suggest_deadlock");
    let all: Vec<_> = (1..=40).map(|product| price(product, 11.0)).collect();
    store.offer(&all).unwrap();
    let id = first(&store);
    let mut other = store.database.connection().unwrap();
    let mut other = other.start_transaction(TxOpts::default()).unwrap();
    // The other one has changed more, so the server takes the step back; and lets no row into the log.
    let change = "UPDATE meschain_ai_suggestions SET confidence = 0.5 WHERE suggestion_id > ?";
    rows::change(&mut other, change, (id,)).unwrap();
    let _: Vec<u64> = rows::all(&mut other, "SELECT audit_id FROM meschain_ai_audit FOR UPDATE", ()).unwrap();
    std::thread::scope(|scope| {
        let step = scope.spawn(|| store.reject(&[(id, None)], "", &by(1)));
        let waits = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' \
                     AND trx_query LIKE 'INSERT INTO meschain_ai_audit%'";
        while rows::first::<u64>(&mut store.database.connection().unwrap(), waits, ()).unwrap() != Some(1) {
            assert!(!step.is_finished(), "it did not wait");
            // The server looks anew only where nobody has asked for a tenth of a second.
            std::thread::sleep(std::time::Duration::from_millis(150));
        }
        let same = "UPDATE meschain_ai_suggestions SET confidence = 0.5 WHERE suggestion_id = ?";
        rows::change(&mut other, same, (id,)).unwrap();
        other.commit().unwrap();
        assert_eq!(step.join().unwrap().unwrap(), [id]);
    });
    assert_eq!(store.audit(&AuditFilter { suggestion_id: Some(id), start: 0, limit: 9 }).unwrap().len(), 1);
}

#[test]
fn what_is_abandoned_keeps_nobody_waiting() {
    let store = store("suggest_abandoned");
    store.offer(&[price(1, 11.0), price(2, 12.0)]).unwrap();
    let id = first(&store);
    store.begin(id, &Approval::default(), &by(1)).unwrap();
    let old =
        "UPDATE meschain_ai_suggestions SET updated_at = NOW() - INTERVAL 1 HOUR WHERE suggestion_id = ?";
    rows::change(&mut store.database.connection().unwrap(), old, (id,)).unwrap();
    let mut holder = store.database.connection().unwrap();
    let mut holder = holder.start_transaction(TxOpts::default()).unwrap();
    let lock = "SELECT product_id FROM meschain_ai_suggestions WHERE suggestion_id = ? FOR UPDATE";
    assert_eq!(rows::first::<u32>(&mut holder, lock, (id,)).unwrap(), Some(2));
    let waiting =
        store.list(&Filter { status: Some(Status::Pending), limit: 1, ..Filter::default() }, 1).unwrap();
    let next = waiting["items"][0]["suggestion_id"].as_u64().unwrap();
    assert_eq!(store.begin(next, &Approval::default(), &by(2)).unwrap()["status"], json!("applying"));
    drop(holder);
    assert_eq!(store.tidy().unwrap(), 1);
}

#[test]
fn a_changed_value_is_remembered_and_a_stale_one_closes() {
    let store = store("suggest_changed");
    store.offer(&[price(1, 11.0), price(2, 12.0)]).unwrap();
    let ids = store.list(&Filter { limit: 9, sort: Sort::Product, ..Filter::default() }, 1).unwrap();
    let id = |at: usize| ids["items"][at]["suggestion_id"].as_u64().unwrap();
    let taken = store.begin(id(0), &instead(json!({ "price": 10.5 })), &by(1)).unwrap();
    assert_eq!((&taken["after"], &taken["changed"]), (&json!({ "price": 10.5 }), &json!(true)));
    store.begin(id(1), &Approval::default(), &by(1)).unwrap();
    assert_eq!(store.stale(id(1), "price is 9", &by(1)).unwrap()["status"], "expired");
    assert_eq!(store.failed(id(0), "refused", &by(1)).unwrap()["error"], "refused");
}

#[test]
fn what_is_being_written_is_not_changed_by_a_newer_proposal() {
    let store = store("suggest_taken");
    store.offer(&[price(1, 11.0)]).unwrap();
    let id = first(&store);
    store.begin(id, &Approval::default(), &by(1)).unwrap();
    let newer = NewSuggestion { before: json!({ "price": 11.0 }), ..price(1, 13.0) };
    store.offer(&[newer]).unwrap();
    let applied = store.applied(id, None, &by(1)).unwrap();
    assert_eq!(
        (&applied["before"], &applied["after"]),
        (&json!({ "price": 10.0 }), &json!({ "price": 11.0 }))
    );
}

#[test]
fn what_was_refused_is_not_proposed_again_unless_it_says_something_else() {
    let store = store("suggest_muted");
    store.offer(&[price(1, 11.0)]).unwrap();
    assert_eq!(store.reject(&[(first(&store), None), (999, None)], "no", &by(3)).unwrap().len(), 1);
    assert_eq!(store.offer(&[price(1, 11.1)]).unwrap().muted, 1);
    assert_eq!(store.offer(&[price(1, 14.0)]).unwrap().new, 1);
    let elsewhere = NewSuggestion { marketplace_id: 2, ..price(1, 11.0) };
    assert_eq!(store.offer(&[elsewhere]).unwrap().new, 1);
}

#[test]
fn a_refusal_is_taken_back_unless_another_one_waits_by_now() {
    let store = store("suggest_reopen");
    store.offer(&[price(1, 11.0)]).unwrap();
    let id = first(&store);
    let seen = store.get(id).unwrap()["revision"].as_u64();
    let other = seen.map(|revision| revision ^ 1);
    let is = |status: &str| store.get(id).unwrap()["status"] == status;
    let refused = |result: Result<Value>, why: &str| match result {
        Err(Error::Unsupported { reason, .. }) => assert!(reason.contains(why), "{reason}"),
        other => panic!("{other:?}"),
    };

    refused(store.reopen(id, None, &by(1)), "it is pending");
    assert!(store.reject(&[(id, other)], "", &by(1)).unwrap().is_empty() && is("pending"));
    assert_eq!(store.reject(&[(id, seen)], "no", &by(1)).unwrap(), [id]);
    refused(store.reopen(id, other, &by(2)), "something else");
    let back = store.reopen(id, seen, &by(2)).unwrap();
    assert_eq!(
        (&back["status"], &back["decided_by"], &back["decided_at"]),
        (&json!("pending"), &json!(null), &json!(null))
    );
    let log = store.audit(&AuditFilter { suggestion_id: Some(id), start: 0, limit: 9 }).unwrap();
    let told: Vec<_> = log.iter().map(|row| (row["action"].as_str(), row["user_id"].as_u64())).collect();
    assert_eq!(told, [(Some("reopened"), Some(2)), (Some("rejected"), Some(1))]);
    // It is no refusal any more: neither counted nor muting what the models say anew.
    assert_eq!(store.offer(&[price(1, 11.1)]).unwrap(), Offered { refreshed: 1, ..Offered::default() });
    let counted = store.counts().unwrap();
    assert_eq!((&counted["price"]["pending"], &counted["price"]["rejected"]), (&json!(1), &json!(null)));

    // Something else was proposed meanwhile: two for the same product do not wait side by side.
    store.reject(&[(id, None)], "", &by(1)).unwrap();
    store.offer(&[price(1, 14.0)]).unwrap();
    refused(store.reopen(id, None, &by(2)), "a newer one");
    assert!(is("rejected"));
    assert!(matches!(store.reopen(999, None, &by(1)), Err(Error::NotFound { .. })));
}

#[test]
fn a_refused_move_is_not_a_refused_addition() {
    let store = store("suggest_moved");
    store.offer(&[category(1, json!([{ "category_id": 3 }]))]).unwrap();
    store.reject(&[(first(&store), None)], "", &by(1)).unwrap();
    // Another path is the same proposal; without the removal it is another.
    assert_eq!(store.offer(&[category(1, json!([{ "category_id": 3, "path": "B" }]))]).unwrap().muted, 1);
    assert_eq!(store.offer(&[category(1, json!([]))]).unwrap().new, 1);
}

#[test]
fn what_a_person_types_is_never_sql_and_wildcards_are_letters() {
    let store = store("suggest_search");
    store.offer(&[price(1, 11.0), price(2, 12.0)]).unwrap();
    let search = |text: &str| list(&store, Filter { search: text.to_owned(), ..Filter::default() }).0;
    assert_eq!(search("100 %"), [1]);
    assert_eq!(search("b-2"), [2]);
    assert!(search("' OR 1=1 -- ").is_empty() && search("_").is_empty());
    assert!(Sort::parse("sort", "s.kind; DROP TABLE x").is_err() && Status::parse("status", "x").is_err());
    assert_eq!(list(&store, Filter { kind: Some(Kind::Reorder), ..Filter::default() }), (vec![], 0));
}

#[test]
fn old_ones_close_and_abandoned_ones_come_back() {
    let store = store("suggest_tidy");
    store.offer(&[price(1, 11.0), price(2, 12.0)]).unwrap();
    let id = first(&store);
    store.begin(id, &Approval::default(), &by(1)).unwrap();
    let age = "UPDATE meschain_ai_suggestions SET valid_until = '2020-01-01', updated_at = '2020-01-01'";
    rows::change(&mut store.database.connection().unwrap(), age, ()).unwrap();
    assert_eq!(store.tidy().unwrap(), 2);
    let log = store.audit(&AuditFilter { suggestion_id: None, start: 0, limit: 2 }).unwrap();
    let told: Vec<_> = log.iter().map(|row| (row["action"].as_str(), row["user_name"].as_str())).collect();
    assert_eq!(told, [(Some("released"), Some("MesChain")), (Some("expired"), Some("MesChain"))]);
    let statuses = store.counts().unwrap();
    assert_eq!((&statuses["price"]["pending"], &statuses["price"]["expired"]), (&json!(1), &json!(1)));
    let overview = overview(None, &store).unwrap();
    assert_eq!(overview["realised"]["reason"], "too_early");
}

#[test]
fn a_selection_holds_every_page_and_what_it_said() {
    let store = store("suggest_selection");
    store.offer(&[price(1, 11.0), price(2, 12.0), category(1, json!([]))]).unwrap();
    let filter = Filter {
        kind: Some(Kind::Price),
        status: Some(Status::Pending),
        limit: 1,
        start: 1,
        ..Filter::default()
    };
    let selection = store.selection(&filter, 1).unwrap();
    assert_eq!((&selection["total"], &selection["limit"]), (&json!(2), &json!(MOST_SELECTED)));
    let named: Vec<_> =
        selection["items"].as_array().unwrap().iter().map(|one| one["name"].as_str()).collect();
    assert_eq!(named, [Some("Kahve"), Some("Çay 100 %")]);
    let of = |at: usize, key: &str| selection["items"][at][key].as_u64().unwrap();
    // One says something else by now, and is not taken; the other is.
    store.offer(&[price(2, 15.0)]).unwrap();
    let seen = |at: usize| Approval { revision: Some(of(at, "revision")), ..Approval::default() };
    let error = store.begin(of(0, "suggestion_id"), &seen(0), &by(1)).unwrap_err();
    assert!(
        matches!(&error, Error::Unsupported { reason, .. } if reason.contains("something else")),
        "{error:?}"
    );
    assert_eq!(store.get(of(0, "suggestion_id")).unwrap()["status"], "pending");
    assert_eq!(store.begin(of(1, "suggestion_id"), &seen(1), &by(1)).unwrap()["status"], "applying");
}

#[test]
fn another_category_is_taken_logged_and_remembered() {
    let store = store("suggest_category");
    store.offer(&[category(1, json!([{ "category_id": 3, "path": "Mutfak" }]))]).unwrap();
    let id = first(&store);
    assert_eq!(
        store.categories("tabak mutf", 1, 9).unwrap(),
        json!([{ "category_id": 9, "path": "Mutfak > Tabak & Kase" }])
    );
    assert_eq!(store.categories("ıNCE", 1, 9).unwrap()[0]["category_id"], 7);
    assert_eq!(store.categories(" ' OR 1=1 -- %", 1, 9).unwrap(), json!([]));
    assert!(matches!(
        store.begin(id, &instead(json!({ "category_id": 77 })), &by(1)),
        Err(Error::Argument { .. })
    ));
    assert_eq!(store.get(id).unwrap()["status"], "pending");
    let taken = store.begin(id, &instead(json!({ "category_id": 9 })), &by(1)).unwrap();
    assert_eq!((&taken["after"]["add"][0]["category_id"], &taken["changed"]), (&json!(9), &json!(true)));
    assert_eq!(taken["before"]["categories"][0]["category_id"], 3);
    let log = store.audit(&AuditFilter { suggestion_id: Some(id), start: 0, limit: 1 }).unwrap();
    assert_eq!(log[0]["detail"]["suggested"]["add"][0]["category_id"], 7);
    assert_eq!(log[0]["after"]["add"][0]["path"], "Mutfak > Tabak & Kase");
}

use super::*;
use meschain_base::{Error, Progress};
use meschain_testkit::mariadb;
use mysql::prelude::Queryable;

/// The columns that are read, as 4.0.2.3 and 4.1.0.4 declare them.
fn opencart(name: &str, generation: Generation) -> Database {
    let database = Database::main(&mariadb().fresh(name)).unwrap();
    let (must, codes) = match generation {
        Generation::V40 => ("NOT NULL", "sku varchar(64) NOT NULL, "),
        _ => ("NULL", ""),
    };
    let tables = [
        format!(
            "product (product_id int PRIMARY KEY AUTO_INCREMENT, master_id int {must} DEFAULT 0, model varchar(64) {must}, \
             {codes} quantity int {must} DEFAULT 0, image varchar(255) {must}, manufacturer_id int {must}, \
             price decimal(15,4) {must} DEFAULT 0, subtract tinyint(1) {must} DEFAULT 1, status tinyint(1) {must} DEFAULT 0, \
             date_added datetime {must})"
        ),
        format!(
            "product_description (product_id int, language_id int, name varchar(255) {must}, description mediumtext {must}, \
             PRIMARY KEY (product_id, language_id))"
        ),
        "product_image (product_image_id int PRIMARY KEY AUTO_INCREMENT, product_id int)".to_owned(),
        "product_to_category (product_id int, category_id int, PRIMARY KEY (product_id, category_id))"
            .to_owned(),
        format!("product_attribute (product_id int, attribute_id int, language_id int, text text {must})"),
        format!("attribute_description (attribute_id int, language_id int, name varchar(64) {must})"),
        format!("manufacturer (manufacturer_id int PRIMARY KEY, name varchar(64) {must})"),
        format!(
            "category (category_id int PRIMARY KEY, parent_id int {must} DEFAULT 0, status tinyint(1) {must} DEFAULT 0)"
        ),
        format!(
            "category_description (category_id int, language_id int, name varchar(255) {must}, \
             PRIMARY KEY (category_id, language_id))"
        ),
        format!(
            "customer (customer_id int PRIMARY KEY AUTO_INCREMENT, customer_group_id int {must} DEFAULT 0, store_id int {must} \
             DEFAULT 0, language_id int {must} DEFAULT 1, status tinyint(1) {must} DEFAULT 1, date_added datetime {must})"
        ),
        format!(
            "language (language_id int PRIMARY KEY, name varchar(32) {must}, code varchar(5) {must}, sort_order int {must} \
             DEFAULT 0, status tinyint(1) {must})"
        ),
        format!(
            "currency (currency_id int PRIMARY KEY, code varchar(3) {must}, symbol_left varchar(12) {must}, symbol_right \
             varchar(12) {must}, decimal_place int(1) {must}, value double(15,8) {must}, status tinyint(1) {must})"
        ),
        format!("store (store_id int PRIMARY KEY, name varchar(64) {must})"),
        format!(
            "order_status (order_status_id int, language_id int, name varchar(32) {must}, \
             PRIMARY KEY (order_status_id, language_id))"
        ),
        format!(
            "setting (setting_id int PRIMARY KEY AUTO_INCREMENT, store_id int, code varchar(128), `key` varchar(128), value text {must})"
        ),
    ];
    let mut conn = database.connection().unwrap();
    conn.query_drop("SET SESSION sql_mode = ''").unwrap();
    for table in tables {
        conn.query_drop(format!("CREATE TABLE oc_{table} DEFAULT CHARSET=utf8mb4")).unwrap();
    }
    database
}

fn fill(database: &Database, statements: &[&str]) {
    let mut conn = database.connection().unwrap();
    for statement in statements {
        conn.query_drop(statement).unwrap();
    }
}

#[test]
fn generations_are_told_apart() {
    let bare = Database::main(&mariadb().fresh("read_bare")).unwrap();
    assert_eq!(generation(&bare).unwrap(), Generation::None);
    assert_eq!(generation(&opencart("read_g40", Generation::V40)).unwrap(), Generation::V40);
    assert_eq!(generation(&opencart("read_g41", Generation::V41)).unwrap(), Generation::V41);
    assert!(matches!(product(&bare, 1, 1).unwrap_err(), Error::Database { .. }));
}

#[test]
fn products_come_with_text_brand_and_exact_price() {
    for (name, generation) in [("read_p40", Generation::V40), ("read_p41", Generation::V41)] {
        let database = opencart(name, generation);
        let sku = if generation == Generation::V40 { "sku = ''," } else { "" };
        fill(
            &database,
            &[
                &format!(
                    "INSERT INTO oc_product SET {sku} product_id = 42, model = 'A&amp;B', quantity = 7, image = 'a.jpg', \
                     manufacturer_id = 3, price = 1234567.8901, status = 1, date_added = '2026-01-02 03:04:05'"
                ),
                &format!(
                    "INSERT INTO oc_product SET {sku} product_id = 43, model = 'x', image = '', manufacturer_id = 0, \
                     date_added = '0000-00-00 00:00:00'"
                ),
                "INSERT INTO oc_product_description VALUES (42, 1, 'Çay &amp; Şeker', '&lt;p&gt;Sıcak&lt;/p&gt;'), \
                 (42, 2, 'Tea', ''), (43, 2, 'Only English', '')",
                "INSERT INTO oc_product_image (product_id) VALUES (42), (42)",
                "INSERT INTO oc_manufacturer VALUES (3, 'Demir &amp; Oğul')",
                "INSERT INTO oc_product_to_category VALUES (42, 5), (42, 2), (43, 5)",
                "INSERT INTO oc_attribute_description VALUES (7, 1, 'Çeşit'), (8, 1, 'Ağırlık &amp; Boy'), (7, 2, 'Kind')",
                "INSERT INTO oc_product_attribute VALUES (42, 8, 1, '1 kg'), (42, 7, 1, ' Sütlü '), (42, 7, 2, 'Milk'), \
                 (42, 9, 1, '   '), (43, 9, 1, 'nameless')",
            ],
        );
        let tea = product(&database, 42, 1).unwrap();
        assert_eq!(
            (tea.name.as_str(), tea.description.as_str(), tea.model.as_str()),
            ("Çay & Şeker", "Sıcak", "A&B")
        );
        assert_eq!(
            (tea.price.raw(), tea.images, tea.manufacturer.as_str()),
            (12_345_678_901, 3, "Demir & Oğul")
        );
        assert_eq!((tea.date_added.as_str(), tea.enabled, tea.subtract), ("2026-01-02 03:04:05", true, true));
        let mut all = Vec::new();
        products(&database, 1, &Progress::silent(), |product| {
            all.push((
                product.product_id,
                product.name,
                product.images,
                product.date_added,
                product.attributes,
            ));
            Ok(())
        })
        .unwrap();
        let nameless = vec!["nameless".to_owned()];
        assert_eq!(all[1], (43, "Only English".to_owned(), 0, String::new(), nameless));
        assert_eq!(tea.attributes, ["Çeşit: Sütlü", "Ağırlık & Boy: 1 kg"]);
        assert_eq!(product(&database, 42, 2).unwrap().attributes, ["Kind: Milk"]);
        assert_eq!(
            product(&database, 44, 1).unwrap_err(),
            Error::NotFound { what: "product", id: "44".into() }
        );
        assert_eq!(products_by_id(&database, &[43, 42, 9], 1).unwrap().len(), 2);
        assert_eq!(categories_of(&database, 42).unwrap(), [2, 5]);
        let categories = product_categories(&database, &Progress::silent()).unwrap();
        assert_eq!(categories.into_iter().collect::<Vec<_>>(), [(42, vec![2, 5]), (43, vec![5])]);
    }
}

#[test]
fn rows_of_4_1_may_be_null_everywhere() {
    let database = opencart("read_null", Generation::V41);
    fill(
        &database,
        &[
            "INSERT INTO oc_product (product_id, master_id, quantity, price, subtract, status) VALUES (1, NULL, NULL, NULL, NULL, NULL)",
            "INSERT INTO oc_category (category_id, parent_id, status) VALUES (1, NULL, NULL)",
            "INSERT INTO oc_customer (customer_id, customer_group_id, store_id, language_id, status) VALUES (1, NULL, NULL, NULL, NULL)",
            "INSERT INTO oc_language (language_id) VALUES (1)",
            "INSERT INTO oc_currency (currency_id) VALUES (1)",
            "INSERT INTO oc_store (store_id) VALUES (1)",
            "INSERT INTO oc_order_status (order_status_id, language_id) VALUES (1, 1)",
            "INSERT INTO oc_setting (store_id, code, `key`) VALUES (0, 'config', 'config_name')",
        ],
    );
    assert_eq!(product(&database, 1, 1).unwrap().price, meschain_base::Money::ZERO);
    assert_eq!(categories(&database, 1).unwrap()[&1].path_ids, [1]);
    let mut seen = 0;
    customers(&database, &Progress::silent(), |customer| {
        seen += customer.customer_id;
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, 1);
    assert_eq!(languages(&database).unwrap().len(), 1);
    assert_eq!(currencies(&database).unwrap()[0].decimals, 2);
    assert_eq!(stores(&database).unwrap().len(), 2);
    assert_eq!(order_statuses(&database, 1).unwrap().len(), 1);
}

#[test]
fn streams_go_page_by_page_and_stop_when_told() {
    let database = opencart("read_pages", Generation::V41);
    let rows = PAGE * 2 + 17;
    let numbers: Vec<String> = (1..=rows).map(|n| format!("({})", n * 3)).collect();
    let values = numbers.join(",");
    fill(
        &database,
        &[
            &format!("INSERT INTO oc_product (product_id) VALUES {values}"),
            &format!("INSERT INTO oc_customer (customer_id) VALUES {values}"),
            "INSERT INTO oc_product_to_category SELECT product_id, 1 FROM oc_product UNION SELECT product_id, 2 FROM oc_product",
        ],
    );
    let mut ids = Vec::new();
    products(&database, 1, &Progress::silent(), |product| {
        ids.push(product.product_id);
        Ok(())
    })
    .unwrap();
    assert_eq!(ids, (1..=i64::from(rows)).map(|n| n * 3).collect::<Vec<_>>());
    let mut count = 0;
    customers(&database, &Progress::silent(), |_| {
        count += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(count, rows);
    let categories = product_categories(&database, &Progress::silent()).unwrap();
    assert_eq!(categories.len(), rows as usize);
    assert!(categories.values().all(|of| of == &[1, 2]));
    let progress = Progress::silent();
    let mut seen = 0;
    let stopped = products(&database, 1, &progress, |_| {
        seen += 1;
        progress.cancel();
        Ok(())
    });
    assert_eq!((stopped, seen), (Err(Error::Cancelled), PAGE));
}

#[test]
fn category_paths_follow_the_parents_and_survive_circles() {
    let database = opencart("read_tree", Generation::V40);
    fill(
        &database,
        &[
            "INSERT INTO oc_category VALUES (1, 0, 1), (2, 1, 1), (3, 2, 0), (8, 9, 1), (9, 8, 1), (10, 77, 1)",
            "INSERT INTO oc_category_description VALUES (1, 1, 'Gıda'), (2, 1, 'Çay &amp; Kahve'), (3, 2, 'Green'), \
             (8, 1, 'a'), (9, 1, 'b'), (10, 1, 'c')",
        ],
    );
    let tree = categories(&database, 1).unwrap();
    assert_eq!(tree[&3].path, "Gıda > Çay & Kahve > Green");
    assert_eq!((tree[&3].path_ids.as_slice(), tree[&3].enabled), ([1, 2, 3].as_slice(), false));
    assert_eq!((tree[&8].path.as_str(), tree[&9].path.as_str(), tree[&10].path.as_str()), ("a", "b", "c"));
}

#[test]
fn small_tables_and_settings() {
    let database = opencart("read_small", Generation::V40);
    fill(
        &database,
        &[
            "INSERT INTO oc_language VALUES (1, 'English', 'en-gb', 2, 1), (2, 'Türkçe', 'tr-tr', 1, 1)",
            "INSERT INTO oc_currency VALUES (1, 'TRY', '', ' TL', 2, 1, 1), (2, 'EUR', '&euro;', '', 2, 0.02, 0)",
            "INSERT INTO oc_store VALUES (4, 'Outlet')",
            "INSERT INTO oc_order_status VALUES (1, 1, 'Pending'), (1, 2, 'Bekliyor'), (5, 1, 'Complete')",
            "INSERT INTO oc_setting (store_id, code, `key`, value) VALUES (0, 'config', 'config_name', 'Ana &amp; Mağaza'), \
             (0, 'config', 'config_currency', 'TRY'), (4, 'config', 'config_currency', 'EUR'), \
             (0, 'config', 'config_complete_status', '[\"5\",3,\"3\"]'), (0, 'config', 'config_processing_status', 'torn ['), \
             (0, 'config', 'config_mail_smtp_password', 'hunter2'), (0, 'config', 'config_encryption', 'hunter2'), \
             (0, 'payment', 'config_name', 'not this')",
        ],
    );
    assert_eq!(
        languages(&database).unwrap().iter().map(|l| l.code.as_str()).collect::<Vec<_>>(),
        ["tr-tr", "en-gb"]
    );
    let money = currencies(&database).unwrap();
    assert_eq!(
        (money[0].symbol_left.as_str(), money[0].enabled, money[1].symbol_right.as_str()),
        ("€", false, " TL")
    );
    let stores = stores(&database).unwrap();
    assert_eq!(
        stores.iter().map(|s| (s.store_id, s.name.as_str())).collect::<Vec<_>>(),
        [(0, "Ana & Mağaza"), (4, "Outlet")]
    );
    let statuses = order_statuses(&database, 2).unwrap();
    assert_eq!(statuses.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Bekliyor", "Complete"]);
    let settings = shop_settings(&database, 4).unwrap();
    assert_eq!(
        (settings.currency(), settings.language(), settings.name()),
        (Some("EUR"), None, "Ana & Mağaza".to_owned())
    );
    assert_eq!((settings.complete_statuses(), settings.processing_statuses()), (vec![3, 5], vec![]));
    assert!(!format!("{settings:?}").contains("hunter2"));
}

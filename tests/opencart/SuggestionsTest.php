<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

use MesChain\OpenCart\Admin;

/** Suggestions are written through OpenCart's own models: what was asked for changes, and nothing else. */
final class SuggestionsTest extends OpenCartCase
{
    private const ROUTE = 'extension/meschain/ai/suggestions';

    private static Admin $admin;

    public static function setUpBeforeClass(): void
    {
        self::$admin = self::admin();
    }

    public function testAPriceIsWrittenAndTakenBackAndNothingElseChanges(): void
    {
        [$product, $before] = $this->richProduct();
        $id = $this->suggest($product, 'price', ['price' => (float) $before['price']], ['price' => round($before['price'] * 1.1, 2)]);
        $untouched = $this->everythingOf($product);

        $applied = $this->decide('apply', $id);
        self::assertSame('applied', $applied['status'], json_encode($applied));
        self::assertEqualsWithDelta($before['price'] * 1.1, (float) $this->product($product)['price'], 0.006);
        self::assertSame($this->without($untouched, ['price']), $this->without($this->everythingOf($product), ['price']));

        self::assertSame('undone', $this->decide('undo', $id)['status']);
        self::assertSame($untouched, $this->everythingOf($product));
    }

    public function testTheSpecialThatIsPaidIsWrittenAndTakenBackAndNothingElseChanges(): void
    {
        [$product, $before] = $this->richProduct();
        $price = (float) $before['price'];
        $table = self::database()->query("SHOW TABLES LIKE 'oc\_product\_special'")->num_rows ? 'oc_product_special' : 'oc_product_discount';
        $special = fn (int $group, int $priority, float $paid, string $from, string $to) => self::database()->query("INSERT INTO $table SET product_id = $product, customer_group_id = $group,
            priority = $priority, price = $paid, date_start = '$from', date_end = '$to'" . ($table === 'oc_product_discount' ? ", quantity = 1, special = 1, type = 'F'" : ''));
        self::database()->query("DELETE FROM $table WHERE product_id = $product");
        $paid = round($price * 0.8, 2);
        $special(1, 2, $paid, '0000-00-00', '0000-00-00');
        // Of lower priority, over, of another group: none of them is what the usual customer pays.
        $special(1, 3, round($price * 0.5, 2), '0000-00-00', '0000-00-00');
        $special(1, 1, round($price * 0.6, 2), '2020-01-01', '2020-02-01');
        $special(9, 1, round($price * 0.7, 2), '0000-00-00', '0000-00-00');
        $wanted = round($price * 0.84, 2);
        $id = $this->suggest($product, 'price', ['price' => $paid, 'list_price' => $price], ['price' => $wanted]);
        $untouched = $this->everythingOf($product);

        $wrong = $this->decide('apply', $id, ['price' => [$id => $price]]);
        self::assertSame(['refused', 'value'], [$wrong['status'], $wrong['code']], 'a special stays below the price beside it');
        self::assertSame('applied', $this->decide('apply', $id)['status']);
        $written = $this->everythingOf($product);
        $prices = fn (array $rows): array => array_map('floatval', array_column($rows[$table], 'price'));
        $expected = array_map(fn (float $one): float => $one === $paid ? $wanted : $one, $prices($untouched));
        self::assertEqualsCanonicalizing($expected, $prices($written));
        unset($untouched[$table], $written[$table]);
        self::assertSame($untouched, $written);
        self::assertSame('undone', $this->decide('undo', $id)['status']);
        self::assertContains($paid, $prices($this->everythingOf($product)));

        $id = $this->suggest($product, 'price', ['price' => $paid, 'list_price' => $price * 2], ['price' => $wanted]);
        self::assertStringStartsWith('price_is ', $this->decide('apply', $id)['error'], 'the price beside it has changed');
        self::database()->query("DELETE FROM $table WHERE product_id = $product");
        $id = $this->suggest($product, 'price', ['price' => $paid, 'list_price' => $price], ['price' => $wanted]);
        self::assertSame('special_gone', $this->decide('apply', $id)['error']);
    }

    public function testASpecialThatTakesSomethingOffIsWrittenThroughTheCataloguesPrice(): void
    {
        if (self::database()->query("SHOW TABLES LIKE 'oc\_product\_special'")->num_rows) {
            self::markTestSkipped('Only since 4.1 a special may be a share or an amount.');
        }
        [$product, $before] = $this->richProduct();
        $price = (float) $before['price'];
        foreach (['P' => ['share', 20, $price * 0.8, $price * 0.84, $price * 1.05], 'S' => ['amount', 2, $price - 2, $price - 1, $price + 1]] as $type => [$follows, $off, $paid, $wanted, $list]) {
            self::database()->query("DELETE FROM oc_product_discount WHERE product_id = $product");
            self::database()->query("INSERT INTO oc_product_discount SET product_id = $product, customer_group_id = 1, quantity = 1, priority = 1, type = '$type', special = 1,
                price = $off, date_start = '0000-00-00', date_end = '0000-00-00'");
            $held = ['price' => $paid, 'list_price' => $price, 'list_follows' => $follows];
            $id = $this->suggest($product, 'price', $held, ['price' => round($wanted, 4)]);
            $untouched = $this->everythingOf($product);
            $applied = $this->decide('apply', $id);
            self::assertSame('applied', $applied['status'], json_encode($applied));
            self::assertEqualsWithDelta($list, (float) $this->product($product)['price'], 0.0002);
            self::assertSame($this->without($untouched, ['price']), $this->without($this->everythingOf($product), ['price']));
            self::assertSame('undone', $this->decide('undo', $id)['status']);
            self::assertSame($untouched, $this->everythingOf($product));

            $id = $this->suggest($product, 'price', ['list_follows' => $follows === 'share' ? 'amount' : 'share'] + $held, ['price' => round($wanted, 4)]);
            self::assertSame('special_gone', $this->decide('apply', $id)['error'], 'it takes another thing off now');
        }
        self::database()->query("DELETE FROM oc_product_discount WHERE product_id = $product");
    }

    public function testEveryProductThatOpenCartComesWithCanBeWritten(): void
    {
        $products = array_map('intval', $this->column('SELECT product_id FROM oc_product WHERE product_id < 50 ORDER BY product_id'));
        self::assertGreaterThan(10, count($products));
        [$more] = self::database()->query('SELECT MAX(category_id) FROM oc_category')->fetch_row();
        $there = fn (int $product): array => [(float) $this->product($product)['price'],
            array_map('intval', $this->column("SELECT category_id FROM oc_product_to_category WHERE product_id = $product ORDER BY category_id"))];
        foreach ($products as $product) {
            [$price, $categories] = $before = $there($product);
            $rows = array_map(fn (int $id): array => ['category_id' => $id], $categories);
            foreach ([['price', ['price' => $price], ['price' => $price + 1]], ['category', ['categories' => $rows], ['add' => [['category_id' => (int) $more]], 'remove' => []]]] as $one) {
                $id = $this->suggest($product, ...$one);
                $applied = $this->decide('apply', $id);
                self::assertSame('applied', $applied['status'], "$one[0] of $product: " . json_encode($applied));
                self::assertNotSame($before, $there($product));
                self::assertSame('undone', $this->decide('undo', $id)['status'], "$one[0] of $product");
                self::assertSame($before, $there($product));
            }
        }
    }

    public function testVersionsFollowTheirProductAndKeepWhatIsDecidedForThem(): void
    {
        [$product, $before] = $this->richProduct();
        $price = (float) $before['price'];
        $versions = array_map('intval', $this->column("SELECT product_id FROM oc_product WHERE product_id <> $product ORDER BY product_id LIMIT 3"));
        $rows = array_map($this->product(...), $versions);
        $places = self::database()->query("SELECT * FROM oc_product_to_category WHERE product_id = $versions[0]")->fetch_all();
        $set = fn (int $id, float $asked, int $master, string $override) => self::database()->query("UPDATE oc_product
            SET price = $asked, master_id = $master, override = '$override' WHERE product_id = $id");
        $is = fn (int $id): array => [(float) $this->product($id)['price'], $this->product($id)['override']];
        try {
            [$like, $own, $apart] = $versions;
            $set($like, $price, $product, '');
            $set($own, $price, $product, '{"price":"1"}');
            $set($apart, $price + 3, $product, '');
            $wanted = round($price * 1.1, 2);
            $id = $this->suggest($product, 'price', ['price' => $price], ['price' => $wanted]);
            $applied = $this->decide('apply', $id);
            self::assertSame('applied', $applied['status'], json_encode($applied));
            self::assertSame([[$wanted, ''], [$price, '{"price":"1"}'], [$price + 3, '']], array_map($is, $versions));
            self::assertSame('undone', $this->decide('undo', $id)['status']);
            self::assertSame([$price, ''], $is($like));

            $categories = array_map('intval', $this->column("SELECT category_id FROM oc_product_to_category WHERE product_id = $product ORDER BY category_id"));
            self::database()->query("DELETE FROM oc_product_to_category WHERE product_id = $like");
            self::database()->query("INSERT INTO oc_product_to_category (product_id, category_id) SELECT $like, category_id FROM oc_product_to_category WHERE product_id = $product");
            [$more] = self::database()->query('SELECT MAX(category_id) FROM oc_category')->fetch_row();
            $in = fn (int $id): bool => self::database()->query("SELECT 1 FROM oc_product_to_category WHERE product_id = $id AND category_id = $more")->num_rows > 0;
            $id = $this->suggest($product, 'category', ['categories' => array_map(fn (int $id): array => ['category_id' => $id], $categories)], ['add' => [['category_id' => (int) $more]], 'remove' => []]);
            self::assertSame('applied', $this->decide('apply', $id)['status']);
            self::assertSame([true, true, false], array_map($in, [$product, $like, $own]), 'what is in other categories is a version of its own in this');
            self::assertSame('undone', $this->decide('undo', $id)['status']);
            self::assertSame([false, false], array_map($in, [$product, $like]));

            // OpenCart gives a version the price of its product at the next saving of either, unless it says that it has its own.
            $id = $this->suggest($like, 'price', ['price' => $price], ['price' => $wanted]);
            self::assertSame('applied', $this->decide('apply', $id)['status']);
            self::assertSame([$wanted, '{"price":"1"}'], $is($like));
        } finally {
            array_map(fn (array $row) => $set((int) $row['product_id'], (float) $row['price'], 0, ''), $rows);
            self::database()->query("DELETE FROM oc_product_to_category WHERE product_id = $versions[0]");
            array_map(fn (array $row) => self::database()->query("INSERT INTO oc_product_to_category VALUES ($row[0], $row[1])"), $places);
        }
    }

    public function testCategoriesAreAddedAndTakenBack(): void
    {
        [$product] = $this->richProduct();
        $own = $this->column("SELECT category_id FROM oc_product_to_category WHERE product_id = $product ORDER BY category_id");
        [$other] = self::database()->query('SELECT category_id FROM oc_category WHERE category_id NOT IN (' . implode(',', $own) . ') ORDER BY category_id LIMIT 1')->fetch_row();
        $rows = array_map(fn ($id) => ['category_id' => (int) $id], $own);
        $id = $this->suggest($product, 'category', ['categories' => $rows], ['add' => [['category_id' => (int) $other]], 'remove' => array_slice($rows, 0, 1)]);
        $untouched = $this->everythingOf($product);

        self::assertSame('applied', $this->decide('apply', $id)['status']);
        $now = $this->column("SELECT category_id FROM oc_product_to_category WHERE product_id = $product");
        self::assertContains($other, $now);
        self::assertNotContains($own[0], $now);
        self::assertSame('undone', $this->decide('undo', $id)['status']);
        self::assertSame($untouched, $this->everythingOf($product));
    }

    public function testAnotherCategoryIsFoundWrittenInsteadLoggedAndTakenBack(): void
    {
        [$product] = $this->richProduct();
        $own = $this->column("SELECT category_id FROM oc_product_to_category WHERE product_id = $product ORDER BY category_id");
        $others = array_map('intval', $this->column('SELECT category_id FROM oc_category WHERE parent_id > 0 AND category_id NOT IN (' . implode(',', $own) . ') ORDER BY category_id LIMIT 2'));
        [$suggested, $chosen] = $others;
        $rows = array_map(fn ($id) => ['category_id' => (int) $id], $own);
        $id = $this->suggest($product, 'category', ['categories' => $rows], ['add' => [['category_id' => $suggested]], 'remove' => $rows]);
        $untouched = $this->everythingOf($product);

        [$name] = self::database()->query("SELECT name FROM oc_category_description WHERE category_id = $chosen ORDER BY language_id LIMIT 1")->fetch_row();
        $answer = self::$admin->json(self::ROUTE . '.categories', ['id' => $id, 'search' => html_entity_decode($name, ENT_QUOTES)]);
        self::assertContains($chosen, array_column($answer['found'], 'category_id'));
        self::assertNotEmpty($answer['alternatives'], 'the model has other guesses');

        $wrong = $this->decide('apply', $id, ['category_id' => [$id => 999999]]);
        self::assertSame(['refused', 'value'], [$wrong['status'], $wrong['code']]);
        self::assertStringContainsString('value["category_id"]', $wrong['detail']);
        self::assertSame($untouched, $this->everythingOf($product));

        self::assertSame('applied', $this->decide('apply', $id, ['category_id' => [$id => $chosen]])['status']);
        self::assertSame([(string) $chosen], $this->column("SELECT category_id FROM oc_product_to_category WHERE product_id = $product"));
        $log = array_values(array_filter(self::$admin->json(self::ROUTE . '.history')['rows'], fn ($row) => $row['suggestion_id'] === $id && $row['action'] === 'approved'));
        self::assertSame([$chosen, $suggested], [$log[0]['after']['add'][0]['category_id'], $log[0]['detail']['suggested']['add'][0]['category_id']]);
        self::assertTrue($log[0]['detail']['changed']);

        self::assertSame('undone', $this->decide('undo', $id)['status']);
        self::assertSame($untouched, $this->everythingOf($product));
    }

    public function testARejectionIsTakenBackByWhoeverMayDecide(): void
    {
        [$product, $before] = $this->richProduct();
        $id = $this->suggest($product, 'price', ['price' => (float) $before['price']], ['price' => 1.0]);
        $revision = self::$admin->json(self::ROUTE . '.selection', ['kind' => 'price', 'search' => $before['model']])['items'][0]['revision'];
        self::assertSame('decided', $this->decide('reject', $id, ['revision' => [$id => $revision ^ 1]])['code']);
        self::assertSame('rejected', $this->decide('reject', $id, ['revision' => [$id => $revision]])['status']);
        $reader = $this->user('onlooker', ['access' => ['common/dashboard', self::ROUTE], 'modify' => []]);
        self::assertSame('permission', $reader->json(self::ROUTE . '.reopen', [], ['ids' => [$id]])['code']);
        self::assertSame(405, self::$admin->get(self::ROUTE . '.reopen', ['ids' => [$id]])['status']);
        // It takes the right to decide, not the one to change products: the catalogue stays as it is.
        $decider = $this->user('decider', ['access' => ['common/dashboard', self::ROUTE], 'modify' => [self::ROUTE]]);
        $answer = $decider->json(self::ROUTE . '.reopen', [], ['ids' => [$id], 'revision' => [$id => $revision]]);
        self::assertSame(['pending', null], [$answer['results'][0]['status'], $answer['results'][0]['error']]);
        self::assertSame($before['price'], $this->product($product)['price']);
        self::assertSame('rejected', $this->decide('reject', $id)['status']);
    }

    public function testAnotherPriceKeepsToTheShopsBounds(): void
    {
        [$product, $before] = $this->richProduct();
        $price = (float) $before['price'];
        $id = $this->suggest($product, 'price', ['price' => $price], ['price' => round($price * 1.1, 2)]);
        $save = fn (string $floor, string $ceiling) => self::$admin->json('extension/meschain/ai/training.save', [], ['price_floor' => $floor, 'price_ceiling' => $ceiling]);
        $save('0.8', '1.5');
        foreach (['0', '-3', 'x', (string) ($price * 1.6), (string) ($price * 0.7)] as $given) {
            $wrong = $this->decide('apply', $id, ['price' => [$id => $given]]);
            self::assertSame(['refused', 'value'], [$wrong['status'], $wrong['code']], $given);
            self::assertStringContainsString('value["price"]', $wrong['detail']);
            self::assertStringContainsString('a price from', $wrong['detail']);
            self::assertStringStartsWith('The new price was not taken.', $wrong['message']);
        }
        self::assertSame($before['price'], $this->product($product)['price']);
        self::assertSame('applied', $this->decide('apply', $id, ['price' => [$id => str_replace('.', ',', (string) round($price * 1.2, 2))]])['status']);
        self::assertEqualsWithDelta($price * 1.2, (float) $this->product($product)['price'], 0.006);
        self::assertSame('undone', $this->decide('undo', $id)['status']);
        self::assertSame($before['price'], $this->product($product)['price']);
        $save('', '');
    }

    public function testWhatSomebodyElseChangedIsNotOverwritten(): void
    {
        [$product, $before] = $this->richProduct();
        $id = $this->suggest($product, 'price', ['price' => (float) $before['price'] + 1], ['price' => 1.0]);
        self::assertSame('expired', $this->decide('apply', $id)['status']);
        self::assertSame($before['price'], $this->product($product)['price']);
    }

    public function testWhatIsSoldWhileAPriceIsWrittenStaysSold(): void
    {
        [$product, $before] = $this->richProduct();
        $id = $this->suggest($product, 'price', ['price' => (float) $before['price']], ['price' => (float) $before['price'] + 1]);
        $url = parse_url((string) getenv('OPENCART_DATABASE_URL'));
        $order = new \mysqli($url['host'], $url['user'], $url['pass'], ltrim($url['path'], '/'), $url['port']);
        $order->query('START TRANSACTION');
        $order->query("UPDATE oc_product SET quantity = quantity - 3 WHERE product_id = $product");
        $order->query('BEGIN NOT ATOMIC DO SLEEP(2); COMMIT; END', MYSQLI_ASYNC);
        self::assertSame('applied', $this->decide('apply', $id)['status']);
        $order->reap_async_query();
        $now = $this->product($product);
        self::assertSame([$before['quantity'] - 3, $before['price'] + 1.0], [(int) $now['quantity'], (float) $now['price']]);

        self::assertSame('undone', $this->decide('undo', $id)['status']);
        self::database()->query("UPDATE oc_product SET quantity = quantity + 3 WHERE product_id = $product");
    }

    public function testNothingIsWrittenWhereOpenCartWouldDropSomething(): void
    {
        [$product, $before] = $this->richProduct();
        $second = "seo_url SET store_id = 0, language_id = 1, `key` = 'product_id', `value` = '$product', keyword = 'meschain-second'";
        self::database()->query("INSERT INTO oc_$second");
        $id = $this->suggest($product, 'price', ['price' => (float) $before['price']], ['price' => 1.0]);
        $untouched = $this->everythingOf($product);
        self::assertSame('would_lose', $this->decide('apply', $id)['code']);
        self::assertSame($untouched, $this->everythingOf($product));
        self::assertSame('failed', self::database()->query("SELECT status FROM meschain_ai_suggestions WHERE suggestion_id = $id")->fetch_row()[0]);
        self::database()->query("DELETE FROM oc_seo_url WHERE keyword = 'meschain-second'");
    }

    public function testWhatAnExtensionWritesDownOfASavingIsNoLoss(): void
    {
        [$product, $before] = $this->richProduct();
        $price = (float) $before['price'];
        try {
            self::database()->query("CREATE TABLE oc_product_changelog (product_id int NOT NULL, price decimal(15,4) NOT NULL)");
            self::database()->query("INSERT INTO oc_product_changelog VALUES ($product, $price), ($product, $price)");
            self::database()->query('CREATE TRIGGER changelog AFTER UPDATE ON oc_product FOR EACH ROW INSERT INTO oc_product_changelog VALUES (NEW.product_id, NEW.price)');
            $id = $this->suggest($product, 'price', ['price' => $price], ['price' => $price + 1]);
            self::assertSame('applied', $this->decide('apply', $id)['status']);
            self::assertGreaterThan(2, count($this->column("SELECT price FROM oc_product_changelog WHERE product_id = $product")));

            self::database()->query('DROP TRIGGER changelog');
            self::database()->query('CREATE TRIGGER changelog AFTER UPDATE ON oc_product FOR EACH ROW DELETE FROM oc_product_changelog WHERE product_id = NEW.product_id LIMIT 1');
            self::assertSame('would_lose', $this->decide('undo', $id)['code']);
        } finally {
            self::database()->query('DROP TABLE oc_product_changelog');
            self::database()->query('DROP TRIGGER IF EXISTS changelog');
            self::database()->query("UPDATE oc_product SET price = $price WHERE product_id = $product");
        }
    }

    public function testAWriteTakesAPostAndTheRightToChangeProducts(): void
    {
        $answer = self::$admin->get(self::ROUTE . '.apply', ['id' => 1]);
        self::assertSame(405, $answer['status']);
        $page = self::$admin->json(self::ROUTE . '.data', ['status' => 'pending']);
        self::assertArrayHasKey('counts', $page);
        self::assertSame(400, self::$admin->get(self::ROUTE . '.data', ['sort' => "x' OR 1=1"])['status']);
    }

    public function testManyAreDecidedEachByItselfAndWhatFailsIsNamed(): void
    {
        $products = array_map('intval', $this->column('SELECT product_id FROM oc_product WHERE status = 1 ORDER BY product_id DESC LIMIT 3'));
        $ids = $prices = [];
        foreach ($products as $product) {
            $prices[$product] = (float) $this->product($product)['price'];
            $ids[$product] = $this->suggest($product, 'price', ['price' => $prices[$product]], ['price' => $prices[$product] + 1]);
        }
        // Somebody changed the price of the second meanwhile.
        self::database()->query("UPDATE oc_product SET price = price + 5 WHERE product_id = $products[1]");
        $answer = $this->post('apply', ['ids' => array_values($ids)]);
        self::assertSame([[], null], [$answer['left'], $answer['stopped']]);
        self::assertSame(['applied', 'expired', 'applied'], array_column($answer['results'], 'status'));
        self::assertStringStartsWith('price_is ', $answer['results'][1]['error']);
        self::assertEqualsWithDelta($prices[$products[2]] + 1, (float) $this->product($products[2])['price'], 0.0001);

        $undone = $this->post('undo', ['ids' => array_values($ids)]);
        self::assertSame(['undone', 'refused', 'undone'], array_column($undone['results'], 'status'));
        self::database()->query("UPDATE oc_product SET price = price - 5 WHERE product_id = $products[1]");
        foreach ($prices as $product => $price) {
            self::assertEqualsWithDelta($price, (float) $this->product($product)['price'], 0.0001);
        }
    }

    public function testASelectionIsWhatTheFilterShows(): void
    {
        $filter = ['kind' => 'price', 'status' => 'pending', 'search' => 'a'];
        $page = self::$admin->json(self::ROUTE . '.data', $filter);
        $selection = self::$admin->json(self::ROUTE . '.selection', $filter);
        self::assertSame([$page['total'], $page['total']], [$selection['total'], count($selection['items'])]);
        self::assertSame(array_column($page['items'], 'suggestion_id'), array_slice(array_column($selection['items'], 'suggestion_id'), 0, count($page['items'])));
    }

    /** A product with a row in every table that the product form fills. */
    private function richProduct(): array
    {
        $database = self::database();
        [$id] = $database->query('SELECT product_id FROM oc_product WHERE status = 1 ORDER BY product_id LIMIT 1')->fetch_row();
        [$other] = $database->query("SELECT product_id FROM oc_product WHERE product_id <> $id ORDER BY product_id DESC LIMIT 1")->fetch_row();
        if (!$database->query("SELECT 1 FROM oc_product_related WHERE product_id = $id")->num_rows) {
            foreach ([
                "INSERT INTO oc_product_related SET product_id = $id, related_id = $other",
                "INSERT INTO oc_product_related SET product_id = $other, related_id = $id",
                // Two that are not mutual, as imports leave them: one from here, one to here.
                "INSERT INTO oc_product_related SET product_id = $id, related_id = $other - 1",
                "INSERT INTO oc_product_related SET product_id = $other - 2, related_id = $id",
                "INSERT INTO oc_product_filter SET product_id = $id, filter_id = 3",
                "INSERT INTO oc_product_to_layout SET product_id = $id, store_id = 0, layout_id = 2",
                "INSERT INTO oc_product_image SET product_id = $id, image = 'catalog/a.jpg', sort_order = 2",
                "INSERT INTO oc_product_option SET product_id = $id, option_id = 4, value = 'Merhaba', required = 1",
                "DELETE FROM oc_seo_url WHERE `key` = 'product_id' AND `value` = '$id'",
                "INSERT INTO oc_seo_url SET store_id = 0, language_id = 1, `key` = 'product_id', `value` = '$id', keyword = 'meschain-test'",
                "DELETE FROM oc_product_reward WHERE product_id = $id",
                "INSERT INTO oc_product_reward SET product_id = $id, customer_group_id = 1, points = 5",
                "INSERT INTO oc_product_subscription SET product_id = $id, subscription_plan_id = 1, customer_group_id = 1, trial_price = 1.5, price = 9.99",
                "INSERT INTO oc_product_to_download SET product_id = $id, download_id = 3",
                "INSERT INTO oc_product_discount SET product_id = $id, customer_group_id = 1, quantity = 10, priority = 1, price = 7.25, date_start = '0000-00-00', date_end = '2099-12-31'",
            ] as $statement) {
                $database->query($statement);
            }
        }

        return [(int) $id, $this->product((int) $id)];
    }

    private function product(int $id): array
    {
        return self::database()->query("SELECT * FROM oc_product WHERE product_id = $id")->fetch_assoc();
    }

    /** Every row of the product in every table that has one, without the numbers that OpenCart gives anew when it saves. */
    private function everythingOf(int $id): array
    {
        $all = [];
        $tables = $this->column("SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = 'product_id'
            AND table_name LIKE 'oc\\_product%' ORDER BY table_name");
        foreach ($tables as $table) {
            $rows = self::database()->query("SELECT * FROM `$table` WHERE product_id = $id")->fetch_all(MYSQLI_ASSOC);
            $all[$table] = array_map(fn ($row) => array_diff_key($row, ['date_modified' => 0, 'product_image_id' => 0, 'product_discount_id' => 0,
                'product_special_id' => 0, 'product_reward_id' => 0, 'product_code_id' => 0]), $rows);
            sort($all[$table]);
        }
        $all['related to it'] = self::database()->query("SELECT product_id FROM oc_product_related WHERE related_id = $id ORDER BY product_id")->fetch_all();
        self::assertCount(2, $all['related to it']);
        $all['oc_seo_url'] = self::database()->query("SELECT store_id, language_id, keyword FROM oc_seo_url WHERE `key` = 'product_id' AND `value` = '$id'")->fetch_all(MYSQLI_ASSOC);
        sort($all['oc_seo_url']);
        self::assertNotEmpty($all['oc_product_to_store']);
        self::assertNotEmpty($all['oc_product_option']);
        self::assertNotEmpty($all['oc_seo_url']);

        return $all;
    }

    private function without(array $all, array $columns): array
    {
        $all['oc_product'] = array_map(fn ($row) => array_diff_key($row, array_flip($columns)), $all['oc_product']);

        return $all;
    }

    private function suggest(int $product, string $kind, array $before, array $suggested): int
    {
        $database = self::database();
        $database->query("DELETE FROM meschain_ai_suggestions WHERE product_id = $product");
        $statement = $database->prepare("INSERT INTO meschain_ai_suggestions (kind, product_id, before_value, suggested_value, reason, valid_until)
            VALUES (?, ?, ?, ?, '{}', NOW() + INTERVAL 9 DAY)");
        $statement->execute([$kind, $product, json_encode($before), json_encode($suggested)]);

        return (int) $database->insert_id;
    }

    /** What became of one suggestion. */
    private function decide(string $method, int $id, array $more = []): array
    {
        return $this->post($method, ['ids' => [$id]] + $more)['results'][0];
    }

    private function post(string $method, array $fields): array
    {
        return self::$admin->json(self::ROUTE . ".$method", [], $fields);
    }

    /** @return list<string> */
    private function column(string $sql): array
    {
        return array_column(self::database()->query($sql)->fetch_all(), 0);
    }
}

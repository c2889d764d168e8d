<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\{AI, Shop};

/** Forecasts through the extension: of one product, of many, of the shop; kept, held against sales, read for insights. */
final class DemandTest extends ShopCase
{
    public function testABatchSaysWhatSingleForecastsSay(): void
    {
        $forecaster = (new AI())->demandForecaster();
        $ids = array_map(intval(...), array_column(self::rows('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC LIMIT 70'), 'product_id'));

        $batch = $forecaster->forecastBatch($ids, 4, 'week');

        self::assertSame($ids, array_column($batch['items'], 'product_id'));
        foreach ([0, 34, 69] as $at) {
            $single = $forecaster->forecast($ids[$at], 4, 'week');
            unset($single['history']);
            self::assertEquals($single, $batch['items'][$at]);
        }
    }

    public function testNewcomersOfACategoryStartWhereItsOtherProductsAre(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        // The twenty best sellers are of one category, and nobody has bought two of them yet.
        $family = array_map('intval', array_column(self::rows("SELECT product_id FROM `$schema`.oc_order_product
            GROUP BY product_id ORDER BY SUM(quantity) DESC, product_id LIMIT 20"), 'product_id'));
        $members = implode(', ', $family);
        self::database()->query("DELETE FROM `$schema`.oc_product_to_category WHERE product_id IN ($members)");
        self::database()->query("INSERT INTO `$schema`.oc_product_to_category (product_id, category_id)
            SELECT p.product_id, c.category_id FROM `$schema`.oc_product p JOIN (SELECT MIN(category_id) AS category_id FROM `$schema`.oc_category) c
            WHERE p.product_id IN ($members)");
        $newcomers = array_slice($family, 0, 2);
        $list = implode(', ', $newcomers);
        self::database()->query("DELETE FROM `$schema`.oc_order_product WHERE product_id IN ($list)");
        self::database()->query("UPDATE `$schema`.oc_product SET date_added = UTC_TIMESTAMP() - INTERVAL 14 DAY, status = 1 WHERE product_id IN ($list)");
        $shop->refresh(['rebuild' => true])->result();
        $forecaster = (new AI($settings))->demandForecaster();

        $batch = $forecaster->forecastBatch($newcomers, 4, 'week')['items'];

        foreach ($newcomers as $at => $product) {
            $single = $forecaster->forecast($product, 4, 'week');
            unset($single['history']);
            self::assertTrue($single['available'], json_encode($single));
            self::assertGreaterThan(0, $single['total']);
            self::assertEquals($single, $batch[$at]);
        }
    }

    public function testOneMarketplaceIsAPartAndHasNoStockOfItsOwn(): void
    {
        $forecaster = (new AI())->demandForecaster();
        [$id] = self::row('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC LIMIT 1');
        $all = $forecaster->forecast((int) $id, 4, 'week');
        $own = $forecaster->forecast((int) $id, 4, 'week', ['marketplace_id' => 1]);

        self::assertTrue($own['available']);
        self::assertNull($own['stock']);
        self::assertSame(1, $own['marketplace_id']);
        self::assertLessThan(array_sum(array_column($all['history'], 'value')), array_sum(array_column($own['history'], 'value')));
        self::assertSame('never_sold', $forecaster->forecast((int) $id, 4, 'week', ['marketplace_id' => 9999])['reason']);
    }

    public function testWhatIsOrderedAndTheLeadTimeChangeThePlan(): void
    {
        $forecaster = (new AI())->demandForecaster();
        [$id] = self::row('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC LIMIT 1');
        $plan = fn (array $options) => $forecaster->forecast((int) $id, 4, 'week', $options)['stock'];

        self::assertGreaterThan($plan(['lead_days' => 3])['reorder_point'], $plan(['lead_days' => 40])['reorder_point']);
        self::assertGreaterThan($plan(['service_level' => 0.5])['reorder_point'], $plan(['service_level' => 0.99])['reorder_point']);
        self::assertSame(0.0, $plan(['lead_days' => 40, 'on_order' => 1e6])['reorder_quantity']);
    }

    public function testWhatIsOwedToCustomersIsOrderedProposedFirstAndTold(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        [$id] = array_map(intval(...), self::row("SELECT product_id FROM `$schema`.oc_order_product JOIN `$schema`.oc_product USING (product_id)
            WHERE status = 1 GROUP BY product_id ORDER BY COUNT(*) DESC, product_id DESC LIMIT 1"));
        $ai = new AI($settings);
        $plan = function (int $quantity, array $options = []) use ($schema, $shop, $ai, $id): array {
            self::database()->query("UPDATE `$schema`.oc_product SET quantity = $quantity, date_modified = UTC_TIMESTAMP() WHERE product_id = $id");
            $shop->refresh(['rebuild' => true])->result();
            return $ai->demandForecaster()->forecast($id, 4, 'week', $options)['stock'];
        };

        [$none, $owed, $coming] = [$plan(0), $plan(-7), $plan(-7, ['on_order' => 7])];

        self::assertSame([-7, 0.0, $none['stock_out_date']], [$owed['quantity'], $owed['days_of_cover'], $owed['stock_out_date']]);
        self::assertSame($none['reorder_quantity'] + 7, $owed['reorder_quantity']);
        self::assertSame($none['reorder_quantity'], $coming['reorder_quantity']);

        $ai->train(['models' => ['forecasting']])->result();
        $ai->suggestions()->generate(['kinds' => ['reorder'], 'limit' => 1])->result();
        [$first] = $ai->suggestions()->list(['kind' => 'reorder'])['items'];
        self::assertSame([$id, -7, 7], [$first['product_id'], $first['before']['quantity'], $first['reason']['owed']]);
        self::assertSame($plan(-7)['reorder_quantity'], $first['suggested']['quantity']);
        $ai->makeForecasts()->result();
        $told = array_column($ai->insights(['kinds' => ['stock_out'], 'limit' => 200])['items'], null, 'product_id')[$id];
        self::assertSame([$owed['stock_out_date'], -7.0, 7.0], [$told['event_on'], $told['detail']['quantity'], $told['detail']['owed_units']]);
        [$price] = self::row("SELECT price FROM `$schema`.oc_product WHERE product_id = $id");
        self::assertEqualsWithDelta($price * (7 + $told['detail']['missed_units']), $told['value'], 0.01);
    }

    public function testTestOrdersAreNoSales(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        [$id, $lines] = array_map(intval(...), self::row("SELECT product_id, COUNT(*) FROM `$schema`.oc_order_product JOIN `$schema`.oc_order USING (order_id)
            WHERE order_status_id IN (2, 3, 5) GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1"));
        $ai = new AI($settings);
        self::assertTrue($ai->demandForecaster()->forecast($id, 4)['available']);
        self::database()->query("UPDATE `$schema`.oc_order SET email = 'Test@example.com' WHERE order_id IN (SELECT order_id FROM `$schema`.oc_order_product WHERE product_id = $id)");
        $shop->refresh()->result();

        self::assertSame('never_sold', $ai->demandForecaster()->forecast($id, 4)['reason']);
        self::assertNotContains($id, array_column($ai->recommendationEngine()->trending(['limit' => 20]), 'product_id'));
        $ai->train(['models' => ['forecasting']])->result();
        self::assertGreaterThanOrEqual($lines, array_column($ai->quality('forecasting')['reasons'], 'count', 'reason')['test_order']);
    }

    public function testWhatWasSoldAtAMistypedPriceIsNoDemand(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $ai = new AI($settings);
        [$id, $day] = self::row("SELECT product_id, DATE(MAX(date_added)) - INTERVAL 60 DAY FROM `$schema`.oc_order_product JOIN `$schema`.oc_order USING (order_id)
            WHERE order_status_id IN (2, 3, 5) GROUP BY product_id ORDER BY COUNT(DISTINCT DATE(date_added)) DESC, product_id LIMIT 1");
        [$day, $lines] = self::row("SELECT DATE(date_added), COUNT(*) FROM `$schema`.oc_order_product JOIN `$schema`.oc_order USING (order_id)
            WHERE order_status_id IN (2, 3, 5) AND product_id = $id AND date_added >= '$day' GROUP BY 1 ORDER BY 1 LIMIT 1");
        $learnt = function () use ($ai, $id, &$day): array {
            $ai->train(['models' => ['forecasting', 'pricing'], 'force' => true])->result();
            $reasons = array_column($ai->quality('pricing')['reasons'], 'count', 'reason');
            return [$reasons['mistyped_price'] ?? 0, $ai->priceOptimizer()->optimizePrice((int) $id)['elasticity']['value'],
                array_column($ai->demandForecaster()->forecast((int) $id, 4, 'day')['history'], 'value', 'date')[$day]];
        };
        [$none, $before, $sold] = $learnt();
        self::assertSame(0, $none);
        self::assertGreaterThan(0, $sold);

        self::database()->query("UPDATE `$schema`.oc_order_product JOIN `$schema`.oc_order USING (order_id) SET price = price / 1000, quantity = quantity * 3
            WHERE product_id = $id AND DATE(date_added) = '$day' AND order_status_id IN (2, 3, 5)");
        $shop->refresh(['rebuild' => true])->result();

        [$found, $after, $left] = $learnt();
        self::assertSame([(int) $lines, 0.0], [$found, (float) $left]);
        self::assertEqualsWithDelta($before, $after, 0.15);
    }

    public function testWhatIsOwedIsOrderedAlsoWhereNothingCanBeForecast(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        [$id] = array_map(intval(...), self::row("SELECT MIN(product_id) FROM `$schema`.oc_product WHERE status = 1 AND subtract = 1"));
        foreach (['order_product', 'product_to_category'] as $table) {
            self::database()->query("DELETE FROM `$schema`.oc_$table WHERE product_id = $id");
        }
        self::database()->query("UPDATE `$schema`.oc_product SET quantity = -3, price = 20 WHERE product_id = $id");
        $shop->refresh(['rebuild' => true])->result();
        $ai = new AI($settings);
        $ai->train(['models' => ['forecasting']])->result();

        self::assertFalse($ai->demandForecaster()->forecast($id, 4)['available']);
        $ai->suggestions()->generate(['kinds' => ['reorder'], 'limit' => 500])->result();
        $orders = array_column($ai->suggestions()->list(['kind' => 'reorder', 'limit' => 500])['items'], null, 'product_id');
        self::assertSame([3.0, 'owed', 3], [(float) $orders[$id]['suggested']['quantity'], $orders[$id]['reason']['code'], $orders[$id]['reason']['owed']]);
        $ai->makeForecasts()->result();
        $told = array_column($ai->insights(['kinds' => ['stock_out'], 'limit' => 200])['items'], null, 'product_id')[$id];
        self::assertSame([60.0, 3.0, 3.0], [(float) $told['value'], (float) $told['detail']['owed_units'], (float) $told['detail']['reorder_quantity']]);
        $ai->suggestions()->begin($orders[$id]['suggestion_id'], ['user_name' => 'test']);
        $ai->suggestions()->applied($orders[$id]['suggestion_id'], null, ['user_name' => 'test']);
        $ai->makeForecasts()->result();
        $told = array_column($ai->insights(['kinds' => ['stock_out'], 'limit' => 200])['items'], null, 'product_id')[$id];
        self::assertSame(0.0, (float) $told['detail']['reorder_quantity'], 'it is on its way');
    }

    public function testStockThatIsNotCountedIsNoStock(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $ai = new AI($settings);
        $ai->train(['models' => ['forecasting', 'pricing']])->result();
        [$id] = array_map(intval(...), self::row("SELECT product_id FROM `$schema`.oc_order_product JOIN `$schema`.oc_product USING (product_id)
            WHERE status = 1 GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1"));
        $ask = function (int $subtract) use ($schema, $shop, $ai, $id): array {
            self::database()->query("UPDATE `$schema`.oc_product SET quantity = 1, subtract = $subtract WHERE product_id = $id");
            $shop->refresh(['rebuild' => true])->result();
            return [$ai->demandForecaster()->forecast($id, 4), $ai->priceOptimizer()->optimizePrice($id), $ai->product($id)];
        };

        [$forecast, $price, $product] = $ask(1);
        self::assertSame([1, 1], [$forecast['stock']['quantity'], $product['quantity']]);
        self::assertLessThan(1, $price['features']['inventory_level']);
        [$forecast, $price, $product] = $ask(0);
        self::assertTrue($forecast['available']);
        self::assertSame([null, null, null], [$forecast['stock'], $price['features']['inventory_level'], $product['quantity']]);
    }

    public function testStocksThatAreAllEndlessArePlaceholders(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $ai = new AI($settings);
        $ai->train(['models' => ['forecasting', 'pricing']])->result();
        $ids = array_map(intval(...), array_column(self::rows("SELECT product_id FROM `$schema`.oc_order_product JOIN `$schema`.oc_product USING (product_id)
            WHERE status = 1 GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 40"), 'product_id'));
        $told = function (string $which) use ($schema, $shop, $ai, $ids): array {
            self::database()->query("UPDATE `$schema`.oc_product SET subtract = 1, quantity = IF($which, 9999, 5)");
            $shop->refresh(['rebuild' => true])->result();
            $ai->makeForecasts()->result();
            $insights = $ai->insights(['kinds' => ['overstock'], 'limit' => 200]);
            $prices = array_map(fn (int $id): array => $ai->priceOptimizer()->optimizePrice($id), $ids);
            $raises = count(array_keys(array_column($prices, 'reason'), 'raise_price'));
            return [$insights['total']['placeholder_stocks'], count($insights['items']), $prices[0]['features']['inventory_level'], $raises];
        };

        // Nine products that lie are nine products that lie.
        $few = 'product_id IN (' . implode(', ', array_slice($ids, 0, 9)) . ')';
        [$placeholders, $overstocks, $weeks] = $told($few);
        self::assertSame([0, 9], [$placeholders, $overstocks]);
        self::assertGreaterThan(100, $weeks);

        [$counted] = self::row("SELECT COUNT(*) FROM `$schema`.oc_product WHERE status = 1");
        [$placeholders, $overstocks, $weeks, $raises] = $told('1');
        self::assertSame([(int) $counted, 0, null], [$placeholders, $overstocks, $weeks]);
        self::assertGreaterThan(0, $raises, 'what is to be cleared is never raised');
    }

    public function testTheTotalIsThatOfTheSales(): void
    {
        $forecaster = (new AI())->demandForecaster();
        $units = $forecaster->forecastTotal(4, 'week');
        $revenue = $forecaster->forecastTotal(4, 'week', ['measure' => 'revenue']);

        $sum = fn (array $answer) => array_sum(array_column($answer['history'], 'value'));
        self::assertSame(['units', 'revenue'], [$units['measure'], $revenue['measure']]);
        self::assertGreaterThan($sum($units), $sum($revenue));
        // The next four weeks lie near the last eight: the shop has no month that differs by more.
        $recent = array_slice(array_column($units['history'], 'value'), -8);
        self::assertEqualsWithDelta(array_sum($recent) / 2, $units['total'], array_sum($recent) / 4);
        self::assertGreaterThanOrEqual($units['total'], $units['total_upper']);
    }

    public function testForecastsAreKeptHeldAgainstSalesAndRead(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $shop->refresh()->result();
        $ai = new AI($settings);
        self::assertSame(['available' => false, 'reason' => 'not_forecast'], $ai->insights());
        $ai->train(['models' => ['forecasting']])->result();

        $made = $ai->makeForecasts()->result();

        self::assertGreaterThan(100, $made['products']);
        self::assertSame(0, $made['settled']);
        [$days] = self::row("SELECT COUNT(*) FROM `$schema`.meschain_ai_forecasts WHERE product_id = 0 AND granularity = 'day'");
        [$weeks] = self::row("SELECT COUNT(*) FROM `$schema`.meschain_ai_forecasts WHERE product_id > 0 AND granularity = 'week'");
        self::assertSame(['28', 4 * $made['products']], [$days, (int) $weeks]);
        self::assertSame($made['kept'], 28 + (int) $weeks);

        // As if they had been made 40 days ago: what sold since is filled in, and equals the sums of the sales.
        self::database()->query("UPDATE `$schema`.meschain_ai_forecasts SET period_start = period_start - INTERVAL 40 DAY, made_on = made_on - INTERVAL 40 DAY WHERE product_id = 0");
        $again = $ai->makeForecasts()->result();
        self::assertSame(28, $again['settled']);
        self::assertSame(28, $again['kept'], 'products are kept once a week');
        [$actual] = self::row("SELECT SUM(actual) FROM `$schema`.meschain_ai_forecasts WHERE product_id = 0 AND actual IS NOT NULL");
        $history = array_column($ai->demandForecaster()->forecastTotal(1, 'day')['history'], 'value', 'date');
        [$first, $last] = self::row("SELECT MIN(period_start), MAX(period_start) FROM `$schema`.meschain_ai_forecasts WHERE actual IS NOT NULL");
        $sold = array_sum(array_filter($history, fn ($date) => $date >= $first && $date <= $last, ARRAY_FILTER_USE_KEY));
        self::assertEqualsWithDelta($sold, (float) $actual, 1e-6);
        self::assertCount(28, array_filter(array_column($ai->analytics('forecasting')['forecast'], 'actual'), fn ($one) => $one !== null));

        $insights = $ai->insights(['limit' => 200]);
        self::assertGreaterThan(0, $insights['total']['units']);
        self::assertNotSame([], $insights['items']);
        $values = array_column($insights['items'], 'value');
        $sorted = $values;
        rsort($sorted);
        self::assertSame($sorted, $values);
        $ends = $ai->insights(['kinds' => ['stock_out']])['items'];
        self::assertSame([], array_diff(array_column($ends, 'kind'), ['stock_out']));
        foreach ($ends as $end) {
            self::assertMatchesRegularExpression('/^\d{4}-\d\d-\d\d$/', $end['event_on']);
            self::assertNotSame('', $end['name']);
        }
    }

    public function testAWorkerSeesWhatRunsOutAndComesBack(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $shop->refresh()->result();
        [$id, $last] = self::row("SELECT product_id, DATE(MAX(o.date_added) + INTERVAL 3 HOUR) AS last FROM `$schema`.oc_order_product p
            JOIN `$schema`.oc_order o USING (order_id) JOIN `$schema`.oc_product c USING (product_id) WHERE c.status = 1 AND c.quantity > 0
            AND o.order_status_id IN (2, 3, 5) AND NOT EXISTS (SELECT 1 FROM `$schema`.meschain_stock_outs s WHERE s.product_id = p.product_id)
            GROUP BY product_id HAVING last BETWEEN UTC_DATE() - INTERVAL 40 DAY AND UTC_DATE() - INTERVAL 5 DAY ORDER BY product_id LIMIT 1");
        self::database()->query("UPDATE `$schema`.oc_product SET quantity = 0, subtract = 0 WHERE product_id = $id");
        $open = fn () => self::row("SELECT COUNT(*) FROM `$schema`.meschain_stock_outs WHERE product_id = $id AND ended_on IS NULL")[0];

        (new Shop($settings))->work(['once' => true])->result();
        self::assertSame('1', $open());
        // The last piece went with the last sale, not on the day on which we first looked.
        (new AI($settings))->makeForecasts()->result();
        self::assertSame([$last], self::row("SELECT started_on FROM `$schema`.meschain_stock_outs WHERE product_id = $id"));

        self::database()->query("UPDATE `$schema`.oc_product SET quantity = 5 WHERE product_id = $id");
        (new AI($settings))->makeForecasts()->result();
        self::assertSame('0', $open());
    }

    public function testDaysWithoutStockAreNotDaysWithoutDemand(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $busy = "SELECT product_id FROM `$schema`.oc_order_product GROUP BY product_id ORDER BY SUM(quantity) DESC LIMIT 1";
        [$id] = self::row($busy);
        self::database()->query("DELETE FROM `$schema`.meschain_stock_outs WHERE product_id = $id");
        [$last] = self::row("SELECT DATE(MAX(date_added)) FROM `$schema`.oc_order");
        self::database()->query("DELETE p FROM `$schema`.oc_order_product p JOIN `$schema`.oc_order o USING (order_id)
            WHERE p.product_id = $id AND o.date_added > '$last' - INTERVAL 25 DAY");
        $shop->refresh()->result();
        $forecaster = (new AI($settings))->demandForecaster();
        $unaware = $forecaster->forecast((int) $id, 14, 'day');
        self::database()->query("INSERT INTO `$schema`.meschain_stock_outs (product_id, started_on) VALUES ($id, '$last' - INTERVAL 26 DAY)");
        $shop->refresh()->result();
        $aware = $forecaster->forecast((int) $id, 14, 'day');

        self::assertContains('stock_outs_ignored', $aware['reasons']);
        self::assertNotContains('stock_outs_ignored', $unaware['reasons']);
        self::assertGreaterThan(1.5 * $unaware['total'], $aware['total']);
        self::assertGreaterThan(15, count(array_filter(array_column($aware['history'], 'out_of_stock'))));
    }

    public function testDaysOnWhichTheShopWasClosedAreNotDaysWithoutDemand(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        [$last] = self::row("SELECT DATE(MAX(date_added)) FROM `$schema`.oc_order");
        $forecast = function () use ($settings, $shop): array {
            $shop->refresh(['rebuild' => true])->result();
            return (new AI($settings))->demandForecaster()->forecastTotal(14, 'day');
        };
        $before = $forecast();
        $closed = "date_added BETWEEN '$last' - INTERVAL 20 DAY AND '$last' - INTERVAL 4 DAY";
        self::database()->query("DELETE p FROM `$schema`.oc_order_product p JOIN `$schema`.oc_order o USING (order_id) WHERE o.$closed");
        self::database()->query("DELETE FROM `$schema`.oc_order WHERE $closed");
        $after = $forecast();

        self::assertContains('stock_outs_ignored', $after['reasons']);
        self::assertNotContains('stock_outs_ignored', $before['reasons']);
        self::assertGreaterThan(0.8 * $before['total'], $after['total']);
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI;
use MesChain\AI\Models\PriceOptimizer;
use MesChain\Exception\{ArgumentException, NotFoundException};
use MesChain\Shop;

/** Prices in a shop: figures beside a suggestion, rules that need the database, the whole catalogue, prices of competitors. */
final class PriceOptimizerTest extends ShopCase
{
    /** Prices of the sample shop are shown with tax. */
    private const TAX = "SELECT p.product_id, 1 + COALESCE(MAX(r.rate), 0) / 100 AS share FROM %s.oc_product p
        LEFT JOIN %1\$s.oc_tax_rule u USING (tax_class_id) LEFT JOIN %1\$s.oc_tax_rate r ON r.tax_rate_id = u.tax_rate_id AND r.type = 'P'
        GROUP BY p.product_id";

    private array $settings;
    private string $database;

    /** @return array<string, array{string, string}> */
    public static function groups(): array
    {
        return ['a category' => ['category_price', 'category_id'], 'a brand' => ['brand_price', 'manufacturer_id']];
    }

    /** @dataProvider groups */
    public function testCampaignsAreLearntAsThoseOf(string $feature, string $group): void
    {
        [$this->settings, $this->database, $shop] = $this->sampleShop();
        $ai = new AI($this->settings);
        $six = array_column(self::rows("SELECT category_id FROM $this->database.oc_category ORDER BY category_id LIMIT 6"), 'category_id');
        $of = static fn (int $by): string => "ELT(1 + FLOOR(product_id / $by) % 6, " . implode(', ', $six) . ')';
        self::database()->query("UPDATE $this->database.oc_product SET manufacturer_id = {$of(6)}");
        self::database()->query("DELETE FROM $this->database.oc_product_to_category");
        self::database()->query("INSERT INTO $this->database.oc_product_to_category (product_id, category_id) SELECT product_id, {$of(1)} FROM $this->database.oc_product");
        $share = function () use ($ai, $shop, $feature): float {
            $shop->refresh(['rebuild' => true])->result();
            $ai->train(['models' => ['pricing'], 'force' => true])->result();
            return array_column($ai->importance('pricing')['features'], 'importance', 'feature')[$feature] ?? 0.0;
        };
        $before = $share();

        // Two weeks of ten all prices of a group are a fifth lower, and four times as much is sold.
        self::database()->query("UPDATE $this->database.oc_order_product l JOIN $this->database.oc_order o USING (order_id) JOIN $this->database.oc_product p USING (product_id)
            JOIN $this->database.oc_product_to_category c USING (product_id)
            SET l.price = l.price * 0.8, l.quantity = l.quantity * 4, l.total = l.price * l.quantity WHERE (FLOOR(TO_DAYS(o.date_added) / 7) + $group) % 10 IN (0, 1)");

        self::assertGreaterThan(5 * $before + 0.002, $share());
    }

    public function testFiguresBesideASuggestionAndTheGuard(): void
    {
        $this->trainedShop();
        $prices = new PriceOptimizer($this->settings);
        [$id, $price] = self::row("SELECT p.product_id, p.price FROM $this->database.oc_product p JOIN $this->database.oc_order_product USING (product_id)
            WHERE p.status = 1 GROUP BY p.product_id ORDER BY COUNT(*) DESC, p.product_id LIMIT 1");
        [$id, $price] = [(int) $id, (float) $price];
        $share = (float) array_column(self::rows(sprintf(self::TAX, $this->database)), 'share', 'product_id')[$id];

        $features = $prices->optimizePrice($id)['features'];
        self::assertSame(
            ['competitor_average', 'competitor_min', 'competitor_max', 'demand_score', 'inventory_level', 'sales_velocity', 'seasonality_factor', 'category_performance'],
            array_keys($features),
        );
        self::assertNull($features['competitor_average']);
        self::assertGreaterThan(0, $features['sales_velocity']);
        self::assertGreaterThan(0, $features['category_performance']);
        self::assertGreaterThanOrEqual(0, $features['demand_score']);
        self::assertLessThanOrEqual(1, $features['demand_score']);

        $rows = [['product_id' => $id, 'competitor' => 'A', 'price' => round(1.02 * $price * $share, 2)], ['product_id' => (string) $id, 'competitor' => 'B', 'price' => (string) round(1.1 * $price * $share, 2)]];
        self::assertSame(['recorded' => 2], $prices->recordCompetitorPrices($rows));
        $features = $prices->optimizePrice($id)['features'];
        self::assertEqualsWithDelta(1.02 * $price, $features['competitor_min'], 0.01);
        self::assertEqualsWithDelta(1.10 * $price, $features['competitor_max'], 0.01);
        self::assertEqualsWithDelta(1.06 * $price, $features['competitor_average'], 0.01);

        (new AI($this->settings))->saveSettings(['competitor_guard' => 0]);
        $answer = $prices->optimizePrice($id);
        if (!in_array($answer['reason'], ['recently_changed', 'no_cost', 'rules_conflict'], true)) {
            self::assertEqualsWithDelta(1.02 * $price, $answer['suggested_price'], 0.02, json_encode($answer));
            self::assertSame('competitor_guard', $answer['bound_by']);
        }

        $before = self::rows("SELECT * FROM $this->database.meschain_competitor_prices");
        $bad = [['product_id' => $id, 'competitor' => 'A', 'price' => 1], ['product_id' => $id, 'competitor' => '=1+1', 'price' => 1]];
        self::assertThrows(ArgumentException::class, fn () => $prices->recordCompetitorPrices($bad), 'rows[1]["competitor"]');
        self::assertThrows(ArgumentException::class, fn () => $prices->recordCompetitorPrices([['product_id' => 99999999, 'competitor' => 'A', 'price' => 1]]), 'rows[0]["product_id"]');
        self::assertThrows(ArgumentException::class, fn () => $prices->recordCompetitorPrices([]), 'rows');
        self::assertSame($before, self::rows("SELECT * FROM $this->database.meschain_competitor_prices"));
    }

    public function testTheWholeCatalogueGoesIntoTheInboxWithEndingsThatShoppersSee(): void
    {
        $this->trainedShop();
        $ai = new AI($this->settings);
        $prices = new PriceOptimizer($this->settings);
        $ai->saveSettings(['price_ending' => '.90']);
        [$onSale] = self::row("SELECT COUNT(*) FROM $this->database.oc_product WHERE status = 1");

        $counted = $prices->optimizeCatalogue(['limit' => 0])->result();
        self::assertSame(['available', 'products', 'suggested', 'unchanged', 'by_reason', 'expected_profit', 'offered'], array_keys($counted));
        self::assertSame((int) $onSale, $counted['products']);
        self::assertSame($counted['products'], $counted['suggested'] + $counted['unchanged']);
        self::assertSame($counted['products'], array_sum($counted['by_reason']));
        self::assertGreaterThan(0, $counted['suggested'], json_encode($counted));
        self::assertSame(0, $ai->suggestions()->list()['total']);

        $result = $prices->optimizeCatalogue()->result();
        self::assertSame(['new' => $result['suggested'], 'refreshed' => 0, 'muted' => 0], $result['offered']);
        self::assertSame($counted['by_reason'], $result['by_reason']);
        $items = $ai->suggestions()->list(['kind' => 'price', 'limit' => 500])['items'];
        self::assertCount($result['suggested'], $items);
        $shares = array_column(self::rows(sprintf(self::TAX, $this->database)), 'share', 'product_id');
        foreach ($items as $item) {
            self::assertStringEndsWith('.90', number_format($item['suggested']['price'] * $shares[$item['product_id']], 2, '.', ''), json_encode($item));
        }
        self::assertEqualsWithDelta($result['expected_profit'], array_sum(array_column($items, 'expected_gain')), 0.01 * count($items));

        // One of them is written into the catalogue: its price has to stand for a while.
        ['suggestion_id' => $suggestion, 'product_id' => $id] = $items[0];
        self::assertNotSame('recently_changed', $prices->optimizePrice($id)['reason']);
        $ai->suggestions()->begin($suggestion, ['user_name' => 'test']);
        $ai->suggestions()->applied($suggestion, null, ['user_name' => 'test']);
        self::assertSame('recently_changed', $prices->optimizePrice($id)['reason']);
        self::database()->query("UPDATE $this->database.meschain_ai_suggestions SET decided_at = UTC_TIMESTAMP() - INTERVAL 8 DAY WHERE suggestion_id = $suggestion");
        self::assertNotSame('recently_changed', $prices->optimizePrice($id)['reason']);

        self::assertThrows(ArgumentException::class, fn () => $prices->optimizeCatalogue(['limit' => -1]), 'limit');
        self::assertThrows(ArgumentException::class, fn () => $prices->optimizeCatalogue(['size' => 1]), 'size');

        $job = (new Shop($this->settings))->enqueue('optimise_prices', ['limit' => 5]);
        (new Shop($this->settings))->work(['once' => true])->result();
        self::assertSame('done', (new Shop($this->settings))->job($job)['status'], json_encode((new Shop($this->settings))->job($job)));
    }

    public function testAChangeIsSeenBeforeAnythingIsSoldAtIt(): void
    {
        $this->trainedShop();
        $prices = new PriceOptimizer($this->settings);
        $shop = new Shop($this->settings);
        $list = self::rows("SELECT product_id FROM $this->database.oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id");
        $ids = array_filter(array_map('intval', array_column($list, 'product_id')), fn ($id) => $prices->optimizePrice($id)['reason'] !== 'recently_changed');
        [$id, $same] = array_values($ids);
        // Both were looked at a month ago; the price of one is raised, and nobody has bought it since.
        self::database()->query("INSERT INTO $this->database.meschain_price_history SELECT product_id, UTC_DATE() - INTERVAL 30 DAY, price
            FROM $this->database.oc_product WHERE product_id IN ($id, $same)");
        self::database()->query("UPDATE $this->database.oc_product SET price = ROUND(price * 1.1, 2) WHERE product_id = $id");
        $shop->refresh()->result();
        self::assertNotSame('recently_changed', $prices->optimizePrice($id)['reason'], 'sales do not tell');

        $shop->work(['once' => true])->result();
        $shop->refresh()->result();

        [$products, $kept] = self::row("SELECT (SELECT COUNT(*) FROM $this->database.oc_product), COUNT(DISTINCT product_id) FROM $this->database.meschain_price_history");
        self::assertSame($products, $kept);
        self::assertSame('recently_changed', $prices->optimizePrice($id)['reason']);
        self::assertNotSame('recently_changed', $prices->optimizePrice($same)['reason'], 'the first look at a product is no change');
        self::assertNotSame('recently_changed', $prices->optimizePrice($id, 2)['reason'], 'a marketplace has its own price');
        self::database()->query("UPDATE $this->database.meschain_price_history SET since = since - INTERVAL 8 DAY WHERE product_id = $id");
        $shop->refresh()->result();
        self::assertNotSame('recently_changed', $prices->optimizePrice($id)['reason']);
    }

    public function testASpecialThatStandsIsPricedAndOneThatEndsSoonIsLeftAlone(): void
    {
        $this->trainedShop();
        $ai = new AI($this->settings);
        ['product_id' => $id, 'price' => $price] = self::rows("SELECT p.product_id, p.price FROM $this->database.oc_product p JOIN $this->database.oc_order_product USING (product_id)
            WHERE p.status = 1 GROUP BY p.product_id ORDER BY COUNT(*) DESC, p.product_id LIMIT 1")[0];
        [$id, $price] = [(int) $id, (float) $price];
        $ask = function (float $share, string $group, string $from, string $to) use ($ai, $id, $price): array {
            $this->special($id, round($price * $share, 2), $group, $from, $to);
            (new Shop($this->settings))->refresh()->result();
            return $ai->priceOptimizer()->optimizePrice($id);
        };
        $soon = (new \DateTimeImmutable('+9 days'))->format('Y-m-d');

        foreach ([['2', '0000-00-00', '0000-00-00'], ['1', '2020-01-01', '2020-02-01'], ['1', '2090-01-01', '2090-02-01']] as $other) {
            $answer = $ask(0.8, ...$other);
            self::assertNotSame('on_offer', $answer['reason'], implode(' ', $other));
            self::assertSame([$price, null], [$answer['current_price'], $answer['list_price']]);
        }
        foreach (['ends soon' => [0.8, $soon], 'saves next to nothing' => [0.995, '0000-00-00'], 'is no special' => [1.2, '0000-00-00']] as $what => [$share, $to]) {
            $answer = $ask($share, '1', '0000-00-00', $to);
            self::assertSame(['on_offer', $price, null], [$answer['reason'], $answer['suggested_price'], $answer['list_price']], $what);
        }
        $standing = $ask(0.8, '1', '0000-00-00', '0000-00-00');
        self::assertNotSame('on_offer', $standing['reason']);
        self::assertSame([round($price * 0.8, 2), $price], [$standing['current_price'], $standing['list_price']]);
        self::assertLessThan($price, $standing['suggested_price']);
        self::assertSame($standing['current_price'], $ask(0.8, '1', '0000-00-00', '2090-02-01')['current_price'], 'an end that is far off is none');

        $given = $ai->priceOptimizer()->optimizePrice($id, 1, $price * 0.9);
        self::assertSame([$price * 0.9, null], [$given['current_price'], $given['list_price']], 'a price that is given is asked');
        self::assertSame($price, $ai->priceOptimizer()->optimizePrice($id, 2)['current_price'], 'a marketplace has its own price');
    }

    public function testASpecialThatTakesAShareOffIsPricedAndTheCatalogueFollows(): void
    {
        $this->trainedShop();
        $ai = new AI($this->settings);
        ['product_id' => $id, 'price' => $price] = self::rows("SELECT p.product_id, p.price FROM $this->database.oc_product p JOIN $this->database.oc_order_product USING (product_id)
            WHERE p.status = 1 GROUP BY p.product_id ORDER BY COUNT(*) DESC, p.product_id LIMIT 1")[0];
        [$id, $price] = [(int) $id, (float) $price];
        // As 4.1 has it: specials stand among the discounts.
        self::database()->query("ALTER TABLE $this->database.oc_product_discount ADD COLUMN IF NOT EXISTS `type` char(1) NOT NULL DEFAULT 'F', ADD COLUMN IF NOT EXISTS special tinyint(1) NOT NULL DEFAULT 0");
        $ask = function (string $type, float $off, int $quantity = 1) use ($ai, $id): array {
            self::database()->query("SET SESSION sql_mode = ''");
            self::database()->query("DELETE FROM $this->database.oc_product_discount WHERE product_id = $id");
            self::database()->query("INSERT INTO $this->database.oc_product_discount (product_id, customer_group_id, quantity, priority, `type`, price, special, date_start, date_end)
                VALUES ($id, 1, $quantity, 1, '$type', $off, 1, '0000-00-00', '0000-00-00')");
            (new Shop($this->settings))->refresh()->result();
            $answer = $ai->priceOptimizer()->optimizePrice($id);
            return [round($answer['current_price'], 4), $answer['list_price'], $answer['list_follows'], $answer['reason'] === 'on_offer'];
        };

        self::assertSame([round($price * 0.8, 4), $price, 'share', false], $ask('P', 20));
        self::assertSame([round($price - 10, 4), $price, 'amount', false], $ask('S', 10));
        self::assertSame([round($price * 0.5, 4), $price, null, false], $ask('F', $price * 0.5));
        foreach (['all of it' => ['P', 100], 'more than it costs' => ['S', $price + 1], 'next to nothing' => ['P', 0.5], 'what no page shows' => ['P', 20, 0]] as $what => $off) {
            self::assertSame([$price, null, null, true], $ask(...$off), $what);
        }
    }

    public function testTheInboxSaysBesideWhichPriceASpecialStands(): void
    {
        $this->trainedShop();
        self::database()->query("SET SESSION sql_mode = ''");
        self::database()->query("INSERT INTO $this->database.oc_product_special (product_id, customer_group_id, priority, price, date_start, date_end)
            SELECT product_id, 1, 0, ROUND(price * 0.8, 2), '0000-00-00', '0000-00-00' FROM $this->database.oc_product");
        (new Shop($this->settings))->refresh()->result();
        $ai = new AI($this->settings);
        $ai->priceOptimizer()->optimizeCatalogue()->result();
        $items = $ai->suggestions()->list(['kind' => 'price', 'status' => 'pending', 'limit' => 100])['items'];
        self::assertNotEmpty($items);
        foreach ($items as $item) {
            [$price] = self::row("SELECT price FROM $this->database.oc_product WHERE product_id = {$item['product_id']}");
            self::assertEqualsWithDelta((float) $price, $item['before']['list_price'], 1e-4);
            self::assertEqualsWithDelta(0.8 * $price, $item['before']['price'], 0.006);
            self::assertLessThan((float) $price, $item['suggested']['price']);
        }
    }

    private function special(int $id, float $price, string $group, string $from, string $to): void
    {
        self::database()->query("SET SESSION sql_mode = ''");
        self::database()->query("DELETE FROM $this->database.oc_product_special WHERE product_id = $id");
        self::database()->query("INSERT INTO $this->database.oc_product_special (product_id, customer_group_id, priority, price, date_start, date_end)
            VALUES ($id, $group, 1, $price, '$from', '$to')");
    }

    public function testACurveOnAMarketplaceHasItsInterval(): void
    {
        $this->trainedShop();
        $prices = new PriceOptimizer($this->settings);
        [$id] = self::row("SELECT product_id FROM $this->database.oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1");
        $id = (int) $id;
        $price = $prices->optimizePrice($id)['current_price'];
        $asked = [0.8 * $price, $price, 1.2 * $price];
        $own = $prices->simulate($id, $asked);
        self::assertSame(['price', 'units', 'revenue', 'profit', 'units_lower', 'units_upper', 'profit_lower', 'profit_upper'], array_keys($own[0]));
        foreach ($own as $point) {
            self::assertLessThanOrEqual($point['units'], $point['units_lower']);
            self::assertGreaterThanOrEqual($point['units'], $point['units_upper']);
            self::assertLessThanOrEqual($point['profit'], $point['profit_lower']);
            self::assertGreaterThanOrEqual($point['profit'], $point['profit_upper']);
        }
        self::assertSame($own[1]['units_lower'], $own[1]['units_upper'], 'at the price of now nothing is uncertain');
        self::assertLessThan($own[0]['units_upper'], $own[0]['units_lower']);
        self::database()->query("UPDATE $this->database.meschain_marketplaces SET commission_rate = 0.2, fixed_fee = 1 WHERE marketplace_id = 2");
        $there = $prices->simulate($id, $asked, ['marketplace_id' => 2]);
        self::assertSame(array_column($own, 'units'), array_column($there, 'units'));
        self::assertLessThan($own[1]['profit'] - $own[1]['units'], $there[1]['profit']);
        self::assertThrows(NotFoundException::class, fn () => $prices->simulate($id, $asked, ['marketplace_id' => 77]));
        self::assertThrows(ArgumentException::class, fn () => $prices->simulate($id, $asked, ['shop' => 1]), 'shop');
    }

    public function testAProductThatTheModelHasNotSeenLeansOnItsCategory(): void
    {
        $this->trainedShop();
        $leaves = self::rows("SELECT MIN(category_id) AS id FROM $this->database.oc_product_to_category JOIN $this->database.oc_category_path USING (category_id)
            JOIN $this->database.oc_order_product USING (product_id) WHERE level = 2 OR level = 1 GROUP BY category_id ORDER BY COUNT(*) DESC LIMIT 2");
        $elasticities = [];
        foreach ($leaves as $at => ['id' => $category]) {
            $new = 900000 + $at;
            [$columns] = self::row("SELECT GROUP_CONCAT(column_name) FROM information_schema.columns WHERE table_schema = '$this->database' AND table_name = 'oc_product' AND column_name <> 'product_id'");
            self::database()->query("INSERT INTO $this->database.oc_product (product_id, $columns) SELECT $new, $columns FROM $this->database.oc_product WHERE price > 0 ORDER BY product_id LIMIT 1");
            self::database()->query("INSERT INTO $this->database.oc_product_to_category (product_id, category_id) VALUES ($new, $category)");
        }
        (new Shop($this->settings))->refresh()->result();
        $prices = new PriceOptimizer($this->settings);
        foreach (array_keys($leaves) as $at) {
            $answer = $prices->optimizePrice(900000 + $at);
            self::assertTrue($answer['available'], json_encode($answer));
            self::assertNotNull($answer['features']['demand_score'], 'the category is one of the model');
            $elasticities[] = $answer['elasticity']['value'];
        }
        self::assertCount(2, array_unique($elasticities), json_encode($elasticities));
    }

    private function trainedShop(): void
    {
        $this->settings = $this->freshShop();
        $this->database = trim((string) parse_url($this->settings['database_url'], PHP_URL_PATH), '/');
        $shop = new Shop($this->settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 7])->result();
        $shop->migrate();
        $shop->refresh()->result();
        (new AI($this->settings))->train(['models' => ['pricing']])->result();
    }
}

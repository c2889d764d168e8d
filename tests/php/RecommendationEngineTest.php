<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI;
use MesChain\Exception\ArgumentException;

/** Recommendations in a shop: what may be among them. */
final class RecommendationEngineTest extends ShopCase
{
    public function testOnlyWhatTheBasketTakesIsRecommended(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $best = function (?string $change = null, array $options = []) use ($settings, $shop): array {
            if ($change !== null) {
                self::database()->query($change);
            }
            $shop->refresh(['rebuild' => true])->result();
            return array_column((new AI($settings))->recommendationEngine()->trending($options + ['limit' => 5]), 'product_id');
        };

        [$first, $second, $third, $fourth] = $best();
        $product = "UPDATE `$schema`.oc_product SET";
        self::assertNotContains($first, $best("$product quantity = 0, subtract = 0 WHERE product_id = $first"), 'the basket refuses it all the same');
        self::assertNotContains($second, $best("$product date_available = UTC_DATE() + INTERVAL 3 DAY WHERE product_id = $second"));
        self::assertContains($third, $best("$product quantity = 1, subtract = 0 WHERE product_id = $third"));
        self::database()->query("DELETE FROM `$schema`.oc_product_to_store WHERE product_id = $fourth");
        $listed = "INSERT INTO `$schema`.oc_product_to_store (product_id, store_id) VALUES ($fourth, 77)";
        self::assertSame([$fourth], $best($listed, ['store_id' => 77]), 'what a store does not show is not for its customers');
        self::assertNotContains($fourth, $best(null, ['store_id' => 0]));
        self::assertContains($fourth, $best());
        self::assertThrows(ArgumentException::class, fn () => $best(null, ['store_id' => -1]), 'store_id');
        $checkout = "`$schema`.oc_setting WHERE `key` = 'config_stock_checkout'";
        self::database()->query("DELETE FROM $checkout");
        self::assertContains($first, $best("INSERT INTO `$schema`.oc_setting (store_id, code, `key`, value, serialized) VALUES (0, 'config', 'config_stock_checkout', '1', 0)"));
    }

    public function testAShopWhoseCustomersAreGuestsTrainsAndAnswers(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        self::database()->query("UPDATE `$schema`.oc_order SET customer_id = 0");
        $shop->refresh(['rebuild' => true])->result();
        $ai = new AI($settings);
        self::assertSame('published', $ai->train(['models' => ['recommendation']])->result()['runs'][0]['status']);

        $engine = $ai->recommendationEngine();
        [$best] = self::database()->query("SELECT product_id FROM `$schema`.oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1")->fetch_row();
        $reasons = array_column($engine->similar((int) $best, ['limit' => 10]), 'reason');
        self::assertContains('similar', $reasons, 'orders of guests say what is bought together');
        self::assertCount(5, $engine->trending(['limit' => 5]));
        self::assertNotContains('guest', array_column($ai->quality('recommendation')['reasons'], 'reason'));
    }

    public function testOfAProductAndItsVersionsOneIsRecommended(): void
    {
        [$settings, $schema, $shop] = $this->sampleShop();
        $shop->refresh(['rebuild' => true])->result();
        $engine = (new AI($settings))->recommendationEngine();
        $ids = static fn (array $rows): array => array_column($rows, 'product_id');
        $selling = fn (): array => $ids($engine->trending(['limit' => 20]));
        [$first, $second] = $selling();
        $version = function (int $product, int $of) use ($schema, $shop): void {
            self::database()->query("UPDATE `$schema`.oc_product SET master_id = $of WHERE product_id = $product");
            $shop->refresh(['rebuild' => true])->result();
        };
        $version($second, $first);
        self::assertSame([$first], array_values(array_intersect($selling(), [$first, $second])), 'without a model');

        (new AI($settings))->train(['models' => ['recommendation']])->result();
        self::assertCount(1, array_intersect($selling(), [$first, $second]));
        [$like] = $ids($engine->similar($first, ['limit' => 10]));
        self::assertContains($like, $ids($engine->forBasket([$first], ['limit' => 50])));
        $version($like, $first);
        self::assertNotContains($like, $ids($engine->similar($first, ['limit' => 10])), 'what is looked at, in another size');
        self::assertNotContains($first, $ids($engine->similar($like, ['limit' => 10])));
        self::assertNotContains($like, $ids($engine->forBasket([$second], ['limit' => 50])), 'another version of one and the same');
    }
}

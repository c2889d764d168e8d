<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI;
use MesChain\Shop;

/** Recommendations in a shop: what may be among them. */
final class RecommendationEngineTest extends ShopCase
{
    public function testOnlyWhatTheBasketTakesIsRecommended(): void
    {
        $settings = $this->freshShop();
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 11])->result();
        $best = function (?string $change = null) use ($settings, $shop): array {
            if ($change !== null) {
                self::database()->query($change);
            }
            $shop->refresh(['rebuild' => true])->result();
            return array_column((new AI($settings))->recommendationEngine()->trending(['limit' => 5]), 'product_id');
        };

        [$first, $second, $third] = $best();
        $product = "UPDATE `$schema`.oc_product SET";
        self::assertNotContains($first, $best("$product quantity = 0, subtract = 0 WHERE product_id = $first"), 'the basket refuses it all the same');
        self::assertNotContains($second, $best("$product date_available = UTC_DATE() + INTERVAL 3 DAY WHERE product_id = $second"));
        self::assertContains($third, $best("$product quantity = 1, subtract = 0 WHERE product_id = $third"));
        $checkout = "`$schema`.oc_setting WHERE `key` = 'config_stock_checkout'";
        self::database()->query("DELETE FROM $checkout");
        self::assertContains($first, $best("INSERT INTO `$schema`.oc_setting (store_id, code, `key`, value, serialized) VALUES (0, 'config', 'config_stock_checkout', '1', 0)"));
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI\Models\{PriceOptimizer, ProductCategorizer};
use MesChain\{AI, Shop};

/** The source plan's AIModelTest against the native classes. Times are measured by `make bench-ai`, not asserted. */
final class AIModelTest extends ShopCase
{
    public function testProductCategorizationAccuracy(): void
    {
        $categorizer = new ProductCategorizer($this->trainedOnTwoThousandProducts());
        $testData = $this->loadTestData();

        $correctPredictions = 0;
        foreach ($testData as $sample) {
            $prediction = $categorizer->predict($sample['input']);
            self::assertNotEmpty($prediction);
            foreach (['category', 'category_id', 'confidence', 'suggested'] as $key) {
                self::assertArrayHasKey($key, $prediction[0]);
            }
            $correctPredictions += (int) in_array($prediction[0]['category'], $sample['expected'], true);
        }

        $accuracy = $correctPredictions / count($testData);
        self::assertGreaterThan(0.90, $accuracy, 'AI model accuracy should be > 90%');
    }

    public function testAProductInTheWrongCategoryIsFound(): void
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'medium', 'seed' => 7])->result();
        $database = trim((string) parse_url($settings['database_url'], PHP_URL_PATH), '/');
        $leaf = "SELECT product_id, MAX(category_id) AS category_id FROM `$database`.oc_product_to_category GROUP BY product_id ORDER BY product_id";
        [$product, $own] = self::row("$leaf LIMIT 1");
        [$wrong] = self::row("SELECT category_id FROM ($leaf) AS leaves WHERE category_id <> $own ORDER BY category_id DESC LIMIT 1");
        self::database()->query("DELETE FROM `$database`.oc_product_to_category WHERE product_id = $product");
        self::database()->query("INSERT INTO `$database`.oc_product_to_category (product_id, category_id) VALUES ($product, $wrong)");
        $shop->refresh()->result();
        foreach (glob($settings['data_dir'] . '/columns/*.safetensors') as $file) {
            file_put_contents($file, 'left by another version of the library');
        }
        (new AI($settings))->train(['models' => ['categorization']])->result();
        self::assertTrue($shop->snapshot()['available'], 'training reads the shop anew where the snapshot is refused, however large the shop');

        $categorizer = new ProductCategorizer($settings);
        $rows = array_column($categorizer->misplaced(['limit' => 200, 'min_confidence' => 0.5]), null, 'product_id');
        self::assertArrayHasKey((int) $product, $rows);
        $row = $rows[(int) $product];
        self::assertSame([(int) $wrong], array_column($row['current'], 'category_id'));
        self::assertNotSame((int) $wrong, $row['category_id']);
        self::assertGreaterThanOrEqual(0.5, $row['confidence']);
        self::assertNotSame('', $row['category']);

        self::database()->query("DELETE FROM `$database`.oc_product_to_category WHERE product_id = $product");
        self::database()->query("INSERT INTO `$database`.oc_product_to_category (product_id, category_id) VALUES ($product, {$row['category_id']})");
        $rows = array_column($categorizer->misplaced(['limit' => 200, 'min_confidence' => 0.5]), null, 'product_id');
        self::assertArrayNotHasKey((int) $product, $rows, 'a product that has moved is left alone');
        self::assertThrows(\MesChain\Exception\ArgumentException::class, fn () => $categorizer->misplaced(['limit' => 0]), 'limit');
    }

    public function testPriceOptimizationPerformance(): void
    {
        $optimizer = new PriceOptimizer();
        [$id] = self::row('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1');

        $result = $optimizer->optimizePrice((int) $id, 1, 100.00);

        self::assertTrue($result['available'], json_encode($result));
        self::assertSame(
            ['available', 'current_price', 'suggested_price', 'change_percentage', 'expected_impact', 'confidence', 'valid_until'],
            array_slice(array_keys($result), 0, 7),
        );
        self::assertIsFloat($result['suggested_price']);
        self::assertSame(100.0, $result['current_price']);
        self::assertGreaterThan(0, $result['suggested_price']);
        self::assertEqualsWithDelta(($result['suggested_price'] / 100 - 1) * 100, $result['change_percentage'], 0.05);
        self::assertGreaterThanOrEqual(0, $result['confidence']);
        self::assertLessThanOrEqual(1, $result['confidence']);
        self::assertGreaterThan(new \DateTimeImmutable('now'), new \DateTimeImmutable($result['valid_until']));
    }

    public function testShopsOfOneMachineKeepTheirModelsAndFiguresApart(): void
    {
        $one = $this->freshShop();
        $other = ['data_dir' => $one['data_dir']] + $this->freshShop();
        foreach ([$one, $other] as $settings) {
            (new Shop($settings))->migrate();
            (new Shop($settings))->sample(['size' => 'small', 'seed' => 9])->result();
        }
        (new AI($one))->train(['models' => ['pricing']])->result();
        self::assertContains('active', array_column((new AI($one))->models(), 'status'));
        self::assertSame(['none'], array_values(array_unique(array_column((new AI($other))->models(), 'status'))));

        (new AI($one))->saveSettings(['prediction_log_sample' => 1]);
        (new Shop($one))->work(['once' => true])->result();
        [$product] = self::row('SELECT product_id FROM `' . substr(strrchr($one['database_url'], '/'), 1) . '`.oc_product LIMIT 1');
        (new AI($one))->priceOptimizer()->optimizePrice((int) $product);
        self::assertSame([0, 1], [(new AI($other))->flushPredictions(), (new AI($one))->flushPredictions()]);
    }

    /** The run's own shop has 200 products, too few to learn 120 categories from. */
    private function trainedOnTwoThousandProducts(): array
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'medium', 'seed' => 7])->result();
        $shop->refresh()->result();
        (new AI($settings))->train(['models' => ['categorization']])->result();
        return $settings;
    }

    /**
     * Products that the model has not seen: another shop by the same generator, from another seed.
     *
     * @return list<array{input: array, expected: list<string>}>
     */
    private function loadTestData(): array
    {
        $settings = $this->freshShop();
        (new Shop($settings))->sample(['size' => 'small', 'seed' => 8])->result();
        $database = trim((string) parse_url($settings['database_url'], PHP_URL_PATH), '/');
        $language = "(SELECT language_id FROM `$database`.oc_language WHERE code =
            (SELECT value FROM `$database`.oc_setting WHERE `key` IN ('config_language', 'config_language_catalog') AND store_id = 0 LIMIT 1))";
        $paths = "(SELECT cp.category_id, GROUP_CONCAT(cd.name ORDER BY cp.level SEPARATOR ' > ') AS path
            FROM `$database`.oc_category_path cp
            JOIN `$database`.oc_category_description cd ON cd.category_id = cp.path_id AND cd.language_id = $language
            GROUP BY cp.category_id)";
        $seen = array_column(self::rows('SELECT name FROM oc_product_description'), 'name', 'name');
        $rows = self::rows(
            "SELECT p.product_id, d.name, d.description, m.name AS brand, p.price, GROUP_CONCAT(c.path SEPARATOR '\n') AS paths
            FROM `$database`.oc_product p
            JOIN `$database`.oc_product_description d ON d.product_id = p.product_id AND d.language_id = $language
            LEFT JOIN `$database`.oc_manufacturer m ON m.manufacturer_id = p.manufacturer_id
            JOIN `$database`.oc_product_to_category pc ON pc.product_id = p.product_id
            JOIN $paths c ON c.category_id = pc.category_id
            GROUP BY p.product_id",
        );
        $unseen = array_values(array_filter($rows, fn ($row) => !isset($seen[$row['name']])));
        self::assertGreaterThan(20, count($unseen), 'too few unseen products for a measurement');
        return array_map(fn ($row) => [
            'input' => array_intersect_key($row, ['name' => 1, 'description' => 1, 'brand' => 1, 'price' => 1]),
            'expected' => explode("\n", $row['paths']),
        ], $unseen);
    }
}

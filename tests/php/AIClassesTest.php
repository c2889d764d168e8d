<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI\Inference\{ModelLoader, PredictionEngine, ResultProcessor};
use MesChain\AI\Training\{DataProcessor, FeatureExtractor, ModelTrainer};
use MesChain\Exception\{ArgumentException, NotFoundException};

/** The plan's classes of training and inference. */
final class AIClassesTest extends ShopCase
{
    private const TYPES = ['categorization', 'pricing', 'forecasting', 'recommendation'];

    public function testOneShapeForAllFourQuestions(): void
    {
        $id = $this->bestSeller();
        $serving = array_column((new ModelLoader())->serving(), 'version', 'type');
        foreach (self::TYPES as $type) {
            $answer = (new PredictionEngine())->predict($type, $id);
            self::assertSame(['type', 'product_id', 'version', 'result'], array_keys($answer));
            self::assertSame([$type, $id, $serving[$type]], [$answer['type'], $answer['product_id'], $answer['version']]);
            self::assertTrue($answer['result']['available'], "$type: " . json_encode($answer['result']));
            self::assertSame([$answer['product_id']], array_column((new PredictionEngine())->predictBatch($type, [$id]), 'product_id'));
            self::assertTrue((new FeatureExtractor())->extract($type, $id)['available'], $type);
            self::assertContains($serving[$type], array_column((new ModelLoader())->versions($type), 'version'));
            $this->assertNamesWhatItGoesBy($type);
        }
        self::assertThrows(NotFoundException::class, fn () => (new PredictionEngine())->predict('pricing', 999_999));
        self::assertThrows(ArgumentException::class, fn () => (new PredictionEngine())->predict('magic', $id), 'type');
    }

    public function testTheCategoriserReadsTheShopsAttributes(): void
    {
        $weighed = array_column((new FeatureExtractor())->importance('categorization')['features'], 'importance', 'feature');
        self::assertGreaterThan(0, $weighed['attribute']);
    }

    public function testResultsAreNarrowedToTheSureOnes(): void
    {
        $answers = [['category' => 'a', 'confidence' => 0.4], ['category' => 'b', 'confidence' => 0.95], ['category' => 'c', 'confidence' => 0.85]];
        $processor = new ResultProcessor();
        self::assertSame(['b', 'c'], array_column($processor->process($answers), 'category'));
        self::assertSame(['b'], array_column($processor->process($answers, ['limit' => 1]), 'category'));
        self::assertCount(3, $processor->process($answers, ['confidence_threshold' => 0.1]));
        self::assertThrows(ArgumentException::class, fn () => $processor->process($answers, ['confidence_threshold' => 2]), 'confidence_threshold');
    }

    public function testTheTrainerAndTheProcessorSayWhatTheFacadeSays(): void
    {
        self::assertSame((new \MesChain\AI())->runs(), (new ModelTrainer())->runs());
        self::assertArrayHasKey('next', (new ModelTrainer())->schedule());
        $quality = (new DataProcessor())->quality('categorization');
        self::assertTrue($quality['available'], json_encode($quality));
        self::assertGreaterThan(0.9, $quality['share']);
    }

    /** Every part is named on the page of the model, in both languages. */
    private function assertNamesWhatItGoesBy(string $type): void
    {
        $found = (new FeatureExtractor())->importance($type);
        self::assertTrue($found['available'], $type);
        self::assertEqualsWithDelta(1.0, array_sum(array_column($found['features'], 'importance')), 1e-9, $type);
        foreach (['en-gb', 'tr-tr'] as $language) {
            $_ = [];
            require __DIR__ . "/../../opencart-extension/admin/language/$language/ai/models.php";
            foreach ($found['features'] as ['feature' => $feature, 'importance' => $importance]) {
                self::assertGreaterThan(0, $importance);
                self::assertArrayHasKey("js_feature_$feature", $_, $language);
            }
        }
    }

    private function bestSeller(): int
    {
        return (int) self::row('SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1')[0];
    }
}

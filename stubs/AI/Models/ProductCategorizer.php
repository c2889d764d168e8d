<?php

namespace MesChain\AI\Models;

/**
 * Which category a product belongs to: a linear model over words and character n-grams (docs/ai-categorisation.md).
 *
 * @phpstan-type Product array{name: string, description?: string, brand?: string, price?: float|string,
 *   attributes?: list<string>, images?: list<string>|int}
 */
class ProductCategorizer
{
    /**
     * @param null|string|array|object $settings see MesChain\Shop; as an array also `confidence_threshold` (0.8) and
     *   `max_categories` (3)
     */
    public function __construct(mixed $settings = null) {}

    /**
     * @param Product $product
     * @return list<array{category: string, category_id: int, confidence: float, suggested: bool}> best first;
     *   suggested: confidence is at or above the threshold. Without a model: what the shop's own categories suggest
     * @throws \MesChain\Exception\ArgumentException
     */
    public function predict(array $product): array {}

    /**
     * @param list<Product> $products at most 10,000
     * @return list<list<array>> as predict(), in the same order
     */
    public function predictBatch(array $products): array {}

    /**
     * @param Product $product
     * @return array{available: bool, reason?: string, category?: string, category_id?: int, confidence?: float,
     *   features?: list<array{feature: string, weight: float}>} what spoke for the best category
     */
    public function explain(array $product): array {}

    /**
     * Products that seemed to sit in the wrong category at the last training and still sit there, the surest first. Each was
     * judged by a model that had not seen it. Empty without a model or a database. `confidence` is the probability that it belongs to
     * `category`, given that somebody put it where it is; `current_confidence` that it is where it belongs.
     *
     *     foreach ($categorizer->misplaced(['limit' => 10]) as $row) { echo $row['name'], ' -> ', $row['category']; }
     *
     * @param array{limit?: int, min_confidence?: float} $options limit 1 to 200 (50); min_confidence 0 to 1 (0.8), and what is
     *   below 0.5 is never listed
     * @return list<array{product_id: int, name: ?string, current: list<array{category_id: int, category: ?string}>,
     *   category_id: int, category: string, confidence: float, current_confidence: float, reasons: list<string>}>
     *   reasons: the words that spoke for the category
     * @throws \MesChain\Exception\ArgumentException
     */
    public function misplaced(array $options = []): array {}
}

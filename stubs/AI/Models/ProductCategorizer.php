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
}

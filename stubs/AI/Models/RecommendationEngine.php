<?php

namespace MesChain\AI\Models;

/**
 * What goes with it: EASE over who bought what, with fallbacks for new products and customers (docs/ai-recommendation.md).
 * Never returns a product that is disabled, not on sale yet, or out of stock in a shop that does not sell without. Without a model: what sold best lately (reason `popular`).
 *
 * @phpstan-type Item array{product_id: int, name: string, model: string, price: string, score: float, reason: string}
 */
class RecommendationEngine
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * @param array{limit?: int, store_id?: int} $options limit: 1 to 100, default 10; store_id: only what this store shows (0 is the
     *   default store), otherwise whatever any store shows
     * @return list<Item>
     */
    public function recommend(int $customerId, array $options = []): array {}

    /** @return list<Item> */
    public function similar(int $productId, array $options = []): array {}

    /**
     * @param list<int> $productIds at most 200
     * @return list<Item>
     */
    public function boughtTogether(array $productIds, array $options = []): array {}

    /**
     * @param list<int> $productIds at most 200
     * @return list<Item>
     */
    public function forBasket(array $productIds, array $options = []): array {}

    /**
     * Needs no model: where its file is refused, which the other calls throw (MesChain\Exception\CorruptFileException), what sold best lately.
     *
     * @return list<Item>
     */
    public function trending(array $options = []): array {}
}

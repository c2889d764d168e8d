<?php

namespace MesChain\AI\Models;

/** What a product should cost: elasticity shrunk to its category, profit on a bounded grid, rules last (docs/ai-pricing.md). */
class PriceOptimizer
{
    /**
     * @param null|string|array|object $settings see MesChain\Shop; as an array also `price_change_limit` (0.2),
     *   `profit_margin_min` (0.1) and `update_frequency` (3600 seconds)
     */
    public function __construct(mixed $settings = null) {}

    /**
     * @param ?float $currentPrice the price now, in the default currency; null: the catalogue's
     * @return array{available: bool, reason?: string, current_price: float, suggested_price: float,
     *   change_percentage: float, expected_impact: array<string, float>, confidence: float, valid_until: string,
     *   elasticity: array{value: float, lower: float, upper: float}, reason?: string, bound_by: ?string} change_percentage in
     *   percent (5.0 = 5 %); confidence: the probability that the change gains; expected_impact: ratios (0.05 = 5 %) and figures a week
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotFoundException
     */
    public function optimizePrice(int $productId, int $marketplaceId = 1, ?float $currentPrice = null): array {}

    /**
     * Demand and profit a week at each price.
     *
     * @param list<float> $prices at most 1,000
     * @return list<array{price: float, units: float, revenue: float, profit: float}> empty without a model of the product
     */
    public function simulate(int $productId, array $prices): array {}
}

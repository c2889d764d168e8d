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
     * @param ?float $currentPrice the price now, in the default currency; null: what the own shop's usual customers pay: the special where one
     *   stands for four weeks or longer, else the catalogue's
     * @return array{available: bool, reason?: string, current_price: float, suggested_price: float,
     *   change_percentage: float, expected_impact: array<string, float>, confidence: float, valid_until: string,
     *   list_price: ?float, list_follows: ?string, elasticity: array{value: float, lower: float, upper: float}, reason?: string, bound_by: ?string,
     *   features: array{competitor_average: ?float, competitor_min: ?float, competitor_max: ?float, demand_score: ?float,
     *   inventory_level: ?float, sales_velocity: float, seasonality_factor: float, category_performance: ?float}} change_percentage in
     *   percent (5.0 = 5 %); confidence: the probability that the change gains; expected_impact: ratios (0.05 = 5 %) and figures a week.
     *   features: competitors' prices of 30 days without tax; demand_score: share of the category's products that sell less, 0 to 1;
     *   inventory_level: weeks of cover; sales_velocity: units a week over four weeks; seasonality_factor: those over 26 weeks';
     *   category_performance: the category's last four weeks over the four before, at the last training. null: not known.
     *   list_price: the catalogue's price where current and suggested price are those of a special that stands beside it, else null;
     *   list_follows: `share` or `amount` where the special takes that off it, so that approving moves the catalogue's price, else null
     *   reason `on_offer`: customers pay a special that ends sooner, or a discount from one piece on, in place of the catalogue's price
     *   (own shop, no `$currentPrice` given); reason `recently_changed`: within seven days MesChain wrote the price, a worker saw the catalogue ask another, or sales began at it
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotFoundException
     */
    public function optimizePrice(int $productId, int $marketplaceId = 1, ?float $currentPrice = null): array {}

    /**
     * Demand and profit a week at each price; _lower and _upper from the 95 % interval of the elasticity.
     *
     * @param list<float> $prices at most 1,000
     * @param array{marketplace_id?: int} $options whose commission and fee count; default the own shop (1)
     * @return list<array{price: float, units: float, revenue: float, profit: float, units_lower: float, units_upper: float,
     *   profit_lower: float, profit_upper: float}> empty without a model
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotFoundException
     */
    public function simulate(int $productId, array $prices, array $options = []): array {}

    /**
     * Goes through the prices of all products on sale and puts the best proposals into the inbox. Also the job `optimise_prices`, which
     * follows the shop's settings alone.
     *
     * @param array{limit?: int} $options limit: proposals at most, 0 to 10,000, default 1,000; 0 counts and proposes nothing
     * @return \MesChain\Task result: array{available: bool, reason?: string, products: int, suggested: int, unchanged: int,
     *   by_reason: array<string, int>, expected_profit: float, offered: array{new: int, refreshed: int, muted: int}} expected_profit:
     *   what all suggested changes gain in a week, in the default currency; available is false without a model
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotConfiguredException
     *
     * @example print_r((new PriceOptimizer())->optimizeCatalogue(['limit' => 200])->result());
     */
    public function optimizeCatalogue(array $options = []): \MesChain\Task {}

    /**
     * Keeps what competitors ask: all rows or none, the newest price of each competitor for each product and marketplace.
     *
     * @param list<array{product_id: int, marketplace_id?: int, competitor: string, price: float, seen_at?: ?string}> $rows 1 to 100,000;
     *   marketplace_id: default the own shop (1); competitor: 1 to 64 characters that no spreadsheet takes for a formula; price: with tax,
     *   in the default currency; seen_at: ISO 8601, UTC, default now
     * @return array{recorded: int}
     * @throws \MesChain\Exception\ArgumentException names the first row that does not fit, such as `rows[3]["price"]`
     * @throws \MesChain\Exception\DatabaseException
     *
     * @example $prices->recordCompetitorPrices([['product_id' => 42, 'competitor' => 'Other shop', 'price' => 199.90]]);
     */
    public function recordCompetitorPrices(array $rows): array {}
}

<?php

namespace MesChain\AI\Models;

/** How much will sell: methods chosen by back-test, intervals from pooled residuals (docs/ai-forecasting.md). */
class DemandForecaster
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * What is not given in `$options` is as the shop has set it. With `marketplace_id` only that marketplace's sales count
     * and `stock` is null: the stock is everybody's. It is null, too, for a product that does not count its stock. A quantity below zero is owed to customers: it is ordered too. `out_of_stock` marks periods that were left out because there was none.
     *
     * @param int $horizon periods ahead, 1 to 366
     * @param 'day'|'week'|'month' $granularity
     * @param array{marketplace_id?: int, lead_days?: int, service_level?: float, on_order?: float} $options lead_days 0 to
     *   3650, service_level 0.5 to 0.995, on_order units that were ordered and are not yet here
     * @return array{available: bool, reason?: string, product_id: int, marketplace_id: ?int, granularity: string, horizon: int,
     *   method: string, class: string, season: int,
     *   points: list<array{date: string, value: float, lower: float, upper: float}>, total: float, total_lower: float,
     *   total_upper: float, history: list<array{date: string, value: float, out_of_stock: bool}>,
     *   backtest: ?array{wape: float, baseline_wape: float, baseline: string},
     *   stock: ?array{quantity: int, days_of_cover: ?float, stock_out_date: ?string, reorder_point: float,
     *   reorder_quantity: float, on_order: float, lead_days: float, review_days: int, service_level: float},
     *   reasons: list<string>} units; lower and upper hold 90 % of outcomes
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotFoundException
     */
    public function forecast(int $productId, int $horizon = 28, string $granularity = 'day', array $options = []): array {}

    /**
     * The same for many products (10,000 at most), in the order asked for and without `history`; items that have no forecast
     * say why.
     *
     * @param list<int> $productIds
     * @param array{marketplace_id?: int, lead_days?: int, service_level?: float} $options
     * @return array{available: bool, reason?: string, items: list<array>}
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotFoundException
     */
    public function forecastBatch(array $productIds, int $horizon = 28, string $granularity = 'day', array $options = []): array {}

    /**
     * Everything the shop, or one marketplace, sells: made on the total itself, not the sum of the products' forecasts.
     * `revenue` is what customers pay without tax, in the default currency.
     *
     * @param array{marketplace_id?: int, measure?: 'units'|'revenue'} $options
     * @return array as forecast(), with `measure`, without product, backtest and stock
     * @throws \MesChain\Exception\ArgumentException
     */
    public function forecastTotal(int $horizon = 28, string $granularity = 'day', array $options = []): array {}
}

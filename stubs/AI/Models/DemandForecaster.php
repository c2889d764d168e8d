<?php

namespace MesChain\AI\Models;

/** How much will sell: methods chosen by back-test, intervals from pooled residuals (docs/ai-forecasting.md). */
class DemandForecaster
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * @param int $horizon periods ahead, 1 to 366
     * @param 'day'|'week'|'month' $granularity
     * @return array{available: bool, reason?: string, product_id: int, granularity: string, horizon: int, method: string,
     *   class: string, season: int, points: list<array{date: string, value: float, lower: float, upper: float}>,
     *   total: float, history: list<array{date: string, value: float}>,
     *   backtest: array{wape: float, baseline_wape: float, baseline: string},
     *   stock: array{quantity: int, days_of_cover: ?float, stock_out_date: ?string, reorder_point: float,
     *   reorder_quantity: float}, reasons: list<string>} units; lower and upper hold 90 % of outcomes
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\NotFoundException
     */
    public function forecast(int $productId, int $horizon = 28, string $granularity = 'day'): array {}
}

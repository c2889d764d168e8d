<?php

namespace MesChain;

/**
 * Four models trained from the shop's own tables: category, price, demand, recommendation.
 *
 * What cannot be answered honestly comes back as `['available' => false, 'reason' => code]`, never as an exception.
 */
class AI
{
    /**
     * @param null|string|array|object $settings see Shop
     * @throws Exception\ArgumentException|Exception\SettingException
     */
    public function __construct(mixed $settings = null) {}

    /**
     * The four models, always in the order categorization, pricing, forecasting, recommendation.
     *
     * @return list<array{type: string, name: string, version: ?string, status: 'active'|'training'|'none',
     *   trained_at: ?string, data_size: int, metric: ?array{name: string, value: float, baseline: float,
     *   baseline_name: string, better: 'higher'|'lower', held_out: int}, extra: array<string, float>, reason: ?string}>
     */
    public function models(): array {}

    /**
     * Trains and registers models from the snapshot. A model goes live only after it has been checked, and only when it
     * beats the one that serves on what came after that one was trained; `force` leaves the comparison out. A failed
     * training leaves the model that serves now. With `update` the choices of the last full training are kept where they can be
     * (docs/ai-operations.md); `mode` says how it was done, `full_because` why an update became a full training.
     *
     * @param array{models?: list<'categorization'|'pricing'|'forecasting'|'recommendation'>, seed?: int, update?: bool, force?: bool} $options
     * @return Task result: array{models: list<array>, runs: list<array{type: string, status: 'published'|'not_better'|
     *   'not_enough_data', mode: 'full'|'update', full_because: null|'no_model'|'format'|'no_choices'|'old_choices', version: ?string, champion_version: ?string, verdict: ?array{metric: string, better: string,
     *   challenger: float, champion: float, rows: int}, metric: ?array, rows_seen: int, rows_used: int, error: ?string}>, seconds: float};
     *   models as models(), with the reason `not_better` or `not_enough_data` where the model before still serves
     */
    public function train(array $options = []): Task {}

    /**
     * Settings of the models that workers and pages share; see docs/ai-operations.md for what each does. Without a
     * database these are the defaults.
     *
     * @throws Exception\DatabaseException while the database does not answer
     * @return array{confidence_threshold: float, max_categories: int,
     *   price_change_limit: float, profit_margin_min: float, price_update_seconds: int, price_min_gain: float,
     *   price_ending: ''|'.00'|'.90'|'.95'|'.99', price_floor: ?float, price_ceiling: ?float, competitor_guard: ?float,
     *   shipping_cost: float, lead_days: int, review_days: int, service_level: float, retrain_enabled: bool,
     *   retrain_hour: int, retrain_days: int, update_days: int, drift_psi_limit: float, drift_error_ratio: float, keep_versions: int,
     *   challenger_margin: float, prediction_log_sample: float, prediction_log_days: int}
     */
    public function settings(): array {}

    /**
     * Changes some settings; the others stay. Texts as forms send them are taken. One audit row says what changed.
     *
     * @param array<string, mixed> $changes keys of settings()
     * @param array{user_id?: int, user_name?: string} $by
     * @return array as settings(), after the change
     * @throws Exception\ArgumentException names the setting, what it takes and what came; nothing is changed then
     */
    public function saveSettings(array $changes, array $by = []): array {}

    /**
     * What was trained and became of it, newest first. `challenger` and `champion` are figures on the same
     * `rows_compared` rows; 0 rows: the held-out figures of the two trainings.
     *
     * @param array{type?: string, limit?: int} $filter limit 1 to 200, default 50
     * @return list<array{run_id: int, type: string, reason: 'manual'|'schedule'|'drift'|'upgrade',
     *   mode: 'full'|'update', full_because: null|'no_model'|'format'|'no_choices'|'old_choices', status: 'running'|
     *   'published'|'not_better'|'not_enough_data'|'failed'|'cancelled', version: ?string, champion_version: ?string,
     *   metric: ?string, better: ?string, challenger: ?float, champion: ?float, baseline: ?float, rows_compared: ?int,
     *   rows_seen: int, rows_used: int, seconds: ?float, error: ?string, started_at: string, finished_at: ?string}>
     */
    public function runs(array $filter = []): array {}

    /**
     * The versions of a model that are kept on this node, newest first. Every file is read and checked.
     *
     * @return list<array{version: string, trained_at: string, data_size: int, metric: ?array, extra: array<string, float>,
     *   bytes: int, checksum: string, serving: bool, good: bool}>
     * @throws Exception\ArgumentException
     */
    public function versions(string $type): array {}

    /**
     * Makes a kept version serve again, after its file was checked, and writes an audit row.
     *
     * @param array{user_id?: int, user_name?: string} $by
     * @return array the row of models()
     * @throws Exception\NotFoundException|Exception\CorruptException
     */
    public function rollBack(string $type, string $version, array $by = []): array {}

    /**
     * What a model goes by, from what its file holds: the importances sum to one, the largest first. Categorization: families of
     * features by their contributions; pricing: parts of explained log demand; forecasting: weights of the methods; recommendation:
     * what NDCG@20 loses without a part (docs/ai-*.md). `reason` is
     * `not_trained` or `not_in_model`.
     *
     * @return array{available: bool, reason?: string, features?: list<array{feature: string, importance: float}>}
     */
    public function importance(string $type): array {}

    /**
     * The data of the newest training: rows looked at (products for categorization, else order lines), rows learnt from,
     * what was left out and why, with examples; `confirmed` of them a person has looked at, and they count more. `reason` is `not_trained`.
     *
     * @return array{available: bool, reason?: string, rows?: int, used?: int, confirmed?: int, share?: float,
     *   reasons?: list<array{reason: 'no_category'|'empty_name'|'placeholder'|'duplicate'|'unfinished_order'|
     *   'cancelled_or_returned'|'no_quantity'|'wholesale'|'mistyped_price'|'no_price'|'test_order', count: int}>,
     *   examples?: list<array{id: int, name: string, reason: string, score: float}>, checked_at?: ?string}
     */
    public function quality(string $type): array {}

    /**
     * How a model has done over the last `days` (7 to 730, default 90): the held-out figure of every version that went live,
     * calibration (categorization), forecasts against sales over all products (forecasting), drift, what became of its
     * suggestions by week, and how much it was asked (a sample, see prediction_log_sample).
     *
     * @param array{days?: int} $options
     * @return array{type: string, days: int, metric: ?array{name: string, better: string},
     *   accuracy: list<array{at: string, version: string, value: float, baseline: ?float}>,
     *   calibration: list<array{confidence: float, accuracy: float, count: int}>,
     *   forecast: list<array{date: string, forecast: float, lower: float, upper: float, actual: ?float}>,
     *   drift: list<array{day: string, measure: string, value: float, reference: ?float, status: 'ok'|'watch'|'drifted'}>,
     *   acceptance: list<array{week: string, accepted: int, changed: int, refused: int}>,
     *   predictions: array{count: int, median_ms: ?float, per_day: list<array{day: string, count: int}>}}
     */
    public function analytics(string $type, array $options = []): array {}

    /**
     * Writes the answers that wait in the prediction log of this machine to `meschain_ai_predictions`, as a worker does after each
     * round; see docs/ai-operations.md.
     *
     * @return int rows written
     * @throws Exception\BusyException another process does it
     * @throws Exception\DatabaseException they wait on
     */
    public function flushPredictions(): int {}

    /**
     * When models are trained again on their own; `upgrade`: the file of the one that should serve is of an older format, or damaged. A model
     * that was never trained is not in it. Reads the models' files through.
     *
     * @return array{enabled: bool, next: list<array{type: string, due_at: string, reason: 'schedule'|'drift'|'upgrade', mode: 'full'|'update'}>,
     *   last: ?array} last as a row of runs()
     */
    public function schedule(): array {}

    /**
     * Measures how far the shop has moved away from its models, keeps the day's rows and raises or closes alerts. A worker
     * does it once a day.
     *
     * @return Task result: array{measures: list<array{type: string, measure: string, value: float, reference: ?float,
     *   status: 'ok'|'watch'|'drifted', rows: int}>}
     */
    public function checkDrift(): Task {}

    /**
     * Makes the day's forecasts of all products on sale and of the whole shop, keeps them to be held against what sells
     * (analytics()), fills in what came of earlier ones, and derives insights(). A worker does it once a day.
     *
     * @return Task result: array{products: int, kept: int, settled: int, insights: int}
     */
    public function makeForecasts(): Task {}

    /**
     * What the newest forecasts say that a shopkeeper should know, the dearest first: what runs out (`event_on` says when),
     * what lies longer than half a year, whose sales are about to rise or fall beyond what chance explains. `value` is
     * money without tax, in the default currency: sales missed and pieces owed until a delivery comes, cost of idle stock, or the change of sales
     * over the next four weeks. `placeholder_stocks` counts the products whose stock is taken for no count (docs/ai-pricing.md). `reason` is
     * `not_forecast`.
     *
     * @param array{kinds?: list<'stock_out'|'overstock'|'rising'|'falling'>, limit?: int} $options limit 1 to 200, default 20
     * @return array{available: bool, reason?: string, made_on?: string, total?: array{days: int, units: float,
     *   units_lower: float, units_upper: float, recent_units: float, revenue: float, revenue_lower: float, revenue_upper: float, placeholder_stocks: int},
     *   items?: list<array{kind: string, product_id: int, name: string, model: string, event_on: ?string, value: float,
     *   detail: array<string, ?float>}>}
     * @throws Exception\ArgumentException
     */
    public function insights(array $options = []): array {}

    /**
     * Everything a product page shows. `quantity` is null where the product does not count its stock.
     *
     * @param array{horizon_weeks?: int, marketplace_id?: int, limit?: int} $options
     * @return array{product_id: int, name: string, model: string, price: string, quantity: ?int,
     *   category: array, price_suggestion: array, forecast: array, related: array}
     * @throws Exception\NotFoundException when there is no such product
     */
    public function product(int $productId, array $options = []): array {}

    /**
     * What the models did for the shop.
     *
     * @return array{counts: array, decided: list<array{days: int, applied: int, changed: int, rejected: int, undone: int,
     *   acceptance: ?float, estimated_gain: float}>, realised: array{available: bool,
     *   reason?: 'too_early'|'nothing_to_compare', changes?: int, gain_a_week?: float, lower?: float, upper?: float},
     *   alerts: list<array{alert_id: int, severity: string, title: string, at: string}>} gains: profit a week in the default currency; lower and upper hold 90 %
     */
    public function overview(): array {}

    public function suggestions(): AI\SuggestionInbox {}

    public function categorizer(): AI\Models\ProductCategorizer {}

    public function priceOptimizer(): AI\Models\PriceOptimizer {}

    public function demandForecaster(): AI\Models\DemandForecaster {}

    public function recommendationEngine(): AI\Models\RecommendationEngine {}
}

<?php

/**
 * A double of the native classes, for looking at the pages before or without the extension. Never shipped.
 *
 *   php -S 127.0.0.1:8080 -t php/console/public tests/browser/double/router.php
 *
 * The cookie `double` picks the state: full (default), empty, no_snapshot, no_model, error, stale.
 * Its figures are made up by a formula; no test of figures runs against it.
 */

namespace MesChain\Exception {
    class MesChainException extends \RuntimeException
    {
    }
    class DatabaseException extends MesChainException
    {
    }
    class UnreachableException extends DatabaseException
    {
    }
}

namespace MesChain {
    function double_state(): string
    {
        $state = $_COOKIE['double'] ?? 'full';
        if ($state === 'error') {
            throw new Exception\UnreachableException('database 127.0.0.1:3306: connection refused');
        }

        return $state;
    }

    final class Task
    {
        public function __construct(private array $result)
        {
        }

        public function wait(float $seconds): bool
        {
            return true;
        }

        public function cancel(): void
        {
        }

        public function result(): array
        {
            return $this->result;
        }
    }

    final class Shop
    {
        public function doctor(): array
        {
            return ['ok' => true, 'checks' => [
                ['name' => 'php', 'status' => 'ok', 'value' => PHP_VERSION, 'remedy' => ''],
                ['name' => 'database', 'status' => 'ok', 'value' => 'MariaDB 10.11', 'remedy' => ''],
                ['name' => 'redis', 'status' => 'off', 'value' => 'not configured', 'remedy' => 'set meschain.redis_url'],
                ['name' => 'cron', 'status' => 'warning', 'value' => 'never run', 'remedy' => 'run meschain worker'],
            ]];
        }

        public function migrationStatus(): array
        {
            return [['version' => '01', 'name' => 'ai_tables', 'checksum' => 'x', 'status' => 'applied', 'applied_at' => '2026-11-22T05:00:00Z'],
                ['version' => '04', 'name' => 'indexes', 'checksum' => 'x', 'status' => 'pending', 'applied_at' => null]];
        }

        public function migrate(array $options = []): array
        {
            return ['dry_run' => false, 'applied' => [], 'pending' => []];
        }

        public function refresh(array $options = []): Task
        {
            return new Task(['rebuilt' => true, 'orders_read' => 100, 'orders_removed' => 0]);
        }

        public function jobs(array $filter = []): array
        {
            return isset($filter['status']) || double_state() === 'no_model' ? [] : [$this->job(3)];
        }

        public function enqueue(string $kind, array $payload = [], array $options = []): int
        {
            return 1000 + time() % 100000;
        }

        public function job(int $id): array
        {
            $age = $id > 1000 ? (time() % 100000) - ($id - 1000) : 100;

            return ['job_id' => $id, 'kind' => 'train', 'status' => $age < 6 ? 'running' : 'done', 'payload' => [], 'stage' => 'forecasting', 'done' => $age, 'total' => 6,
                'attempts' => 1, 'error' => null, 'result' => null, 'created_at' => '2026-11-22T05:00:00Z', 'started_at' => '2026-11-22T05:00:01Z',
                'finished_at' => $age < 6 ? null : '2026-11-22T05:00:31Z'];
        }

        public function cancelJob(int $id): bool
        {
            return true;
        }
    }

    final class Reporting
    {
        public function ranges(): array
        {
            return ['today', 'yesterday', 'last_7', 'last_30', 'last_90', 'month', 'quarter', 'year', 'last_year', 'all', 'custom'];
        }

        public function csv(string $section, array $query = [], array $options = []): string
        {
            return "\xEF\xBB\xBFkey;value\r\nrevenue;1\r\n";
        }

        public function verify(array $query = []): array
        {
            return ['equal' => true, 'checks' => [['figure' => 'revenue', 'snapshot' => '1.0000', 'sql' => '1.0000', 'equal' => true]]];
        }

        public function dashboard(array $query = []): array
        {
            $state = double_state();
            if ($state === 'no_snapshot') {
                return ['available' => false, 'reason' => 'no_snapshot'];
            }
            $days = ['last_7' => 7, 'last_90' => 90, 'year' => 326][$query['range'] ?? ''] ?? 30;
            $none = $state === 'empty';
            $series = [];
            for ($i = $days; $i >= 1; $i--) {
                $wave = 20000 + 6000 * sin($i / 1.1) + 90 * ($days - $i);
                $series[] = ['key' => gmdate('Y-m-d', strtotime("2026-11-22 -$i day")), 'revenue' => $none ? '0.0000' : number_format($wave, 4, '.', ''),
                    'orders' => $none ? 0 : (int)($wave / 410), 'units' => $none ? 0 : (int)($wave / 190), 'previous_revenue' => $none ? '0.0000' : number_format($wave * 0.9, 4, '.', '')];
            }
            $kpi = static fn (string $id, string $unit, mixed $value, mixed $before, mixed $year, string $better = 'up'): array => ['id' => $id, 'unit' => $unit,
                'value' => $none ? ($unit === 'money' ? '0.0000' : 0) : $value, 'previous' => $before, 'last_year' => $year,
                'change_previous' => (float)$before ? $value / $before - 1 : null, 'change_last_year' => (float)$year ? $value / $year - 1 : null, 'better' => $better];
            $products = $none ? [] : array_map(static fn (int $i): array => ['product_id' => $i, 'name' => $i === 2 ? '<img src=x onerror=alert(1)>' : "Pamuklu tişört &amp; uzun bir ürün adı $i",
                'model' => "TS-$i", 'units' => 900 - 60 * $i, 'orders' => 500 - 30 * $i, 'revenue' => (90000 - 7000 * $i) . '.0000', 'share' => 0.14 - 0.012 * $i], range(1, 10));
            $places = $none ? [] : [['marketplace_id' => 1, 'code' => 'own', 'name' => 'Own shop', 'orders' => 900, 'units' => 2000, 'revenue' => '430000.5000', 'average_order_value' => '477.7783', 'share' => 0.68],
                ['marketplace_id' => 2, 'code' => 'trendyol', 'name' => 'Trendyol', 'orders' => 420, 'units' => 900, 'revenue' => '200123.4000', 'average_order_value' => '476.4843', 'share' => 0.32]];

            return ['available' => true, 'range' => ['preset' => $query['range'] ?? 'last_30', 'from' => gmdate('Y-m-d', strtotime("2026-11-22 -$days day")), 'to' => '2026-11-21', 'days' => $days],
                'previous' => ['from' => '2026-09-23', 'to' => '2026-10-22', 'days' => $days], 'last_year' => ['from' => '2025-10-23', 'to' => '2025-11-21', 'days' => $days],
                'currency' => ['code' => 'TRY', 'symbol_left' => '', 'symbol_right' => '₺', 'decimals' => 2], 'timezone' => 'Europe/Istanbul',
                'statuses' => ['included' => [1, 2, 3, 5], 'names' => ['Beklemede', 'İşleniyor', 'Kargoda', 'Tamamlandı']],
                'freshness' => ['built_at' => '2026-11-22T05:00:00Z', 'age_seconds' => $state === 'stale' ? 90000 : 240, 'orders' => 81000],
                'kpis' => [$kpi('revenue', 'money', '630123.9000', '601000.0000', '0.0000'), $kpi('orders', 'count', 1320, 1500, 1100), $kpi('average_order_value', 'money', '477.3666', '400.6667', '390.0000'),
                    $kpi('units', 'count', 2900, 2850, 2700), $kpi('returns', 'count', 61, 40, 70, 'down'), $kpi('new_customers', 'count', 310, 310, 250)],
                'granularity' => 'day', 'series' => $series, 'top_products' => $products, 'marketplaces' => $places];
        }
    }

    final class AI
    {
        public function versions(string $type): array
        {
            $version = static fn (string $name, float $value, bool $serving, bool $good): array => ['version' => $name, 'trained_at' => '2026-11-2' . $name[8] . 'T05:00:00Z', 'data_size' => 2000,
                'metric' => ['name' => 'accuracy', 'value' => $value, 'baseline' => 0.08, 'baseline_name' => 'word_overlap', 'better' => 'higher', 'held_out' => 400], 'extra' => [],
                'bytes' => 3_200_000, 'checksum' => 'x', 'serving' => $serving, 'good' => $good];

            return double_state() === 'no_model' ? [] : [$version('2026112-2', 0.91, true, true), $version('2026112-1', 0.9, false, true), $version('2026112-0', 0.89, false, false)];
        }

        public function runs(array $filter = []): array
        {
            $run = static fn (int $id, string $status, ?string $error = null): array => ['run_id' => $id, 'type' => $filter['type'] ?? 'pricing', 'reason' => 'schedule', 'mode' => 'full', 'full_because' => null, 'status' => $status, 'version' => '2026112-2',
                'champion_version' => '2026112-1', 'metric' => 'wape', 'better' => 'lower', 'challenger' => 0.31, 'champion' => 0.33, 'baseline' => 0.4, 'rows_compared' => 400, 'rows_seen' => 2100,
                'rows_used' => 2000, 'seconds' => 3.2, 'error' => $error, 'started_at' => '2026-11-22T05:00:00Z', 'finished_at' => '2026-11-22T05:00:03Z'];

            return in_array(double_state(), ['no_model', 'empty'], true) ? [] : [$run(3, 'published'), $run(2, 'not_better'), $run(1, 'failed', 'disk full')];
        }

        public function importance(string $type): array
        {
            return double_state() === 'no_model' ? ['available' => false, 'reason' => 'not_trained']
                : ['available' => true, 'features' => [['feature' => 'word', 'importance' => 0.6], ['feature' => 'brand', 'importance' => 0.4]]];
        }

        public function quality(string $type): array
        {
            return double_state() === 'empty' ? ['available' => false, 'reason' => 'no_data'] : ['available' => true, 'rows' => 2100, 'used' => 2000, 'confirmed' => $type === 'categorization' ? 37 : 0, 'share' => 0.952, 'checked_at' => '2026-11-22T05:00:00Z',
                'reasons' => [['reason' => 'duplicate', 'count' => 60], ['reason' => 'no_category', 'count' => 40]], 'examples' => [['id' => 42, 'name' => 'Zeytinyağı', 'reason' => 'duplicate', 'score' => 0.3]]];
        }

        public function schedule(): array
        {
            return ['enabled' => true, 'next' => [['type' => 'pricing', 'due_at' => '2026-11-29T00:00:00Z', 'reason' => 'schedule', 'mode' => 'full']], 'last' => null];
        }

        public function settings(): array
        {
            return ['retrain_enabled' => true, 'retrain_hour' => 3, 'retrain_days' => 7, 'update_days' => 0, 'challenger_margin' => 0.0, 'keep_versions' => 5, 'drift_psi_limit' => 0.25, 'drift_error_ratio' => 1.25,
                'confidence_threshold' => 0.8, 'max_categories' => 3, 'price_change_limit' => 0.2, 'profit_margin_min' => 0.1, 'price_min_gain' => 0.01, 'price_ending' => '', 'price_floor' => null,
                'price_ceiling' => null, 'competitor_guard' => null, 'shipping_cost' => 0.0, 'price_update_seconds' => 3600, 'lead_days' => 7, 'review_days' => 7, 'service_level' => 0.95,
                'prediction_log_sample' => 0.05, 'prediction_log_days' => 30];
        }

        public function saveSettings(array $changes, array $by = []): array
        {
            return $changes + $this->settings();
        }

        public function analytics(string $type, array $options = []): array
        {
            $none = double_state() === 'empty';
            $day = static fn (int $at): string => sprintf('2026-11-%02d', $at);

            return ['type' => $type, 'days' => 90, 'metric' => ['name' => 'wape', 'better' => 'lower'],
                'accuracy' => $none ? [] : array_map(static fn (int $at): array => ['at' => $day($at) . 'T05:00:00Z', 'version' => "v$at", 'value' => 0.4 - $at / 200, 'baseline' => 0.45], [1, 8, 15, 22]),
                'calibration' => $none ? [] : array_map(static fn (int $at): array => ['confidence' => $at / 10, 'accuracy' => $at / 10 - 0.02, 'count' => $at * 9], range(3, 9)),
                'forecast' => $none ? [] : array_map(static fn (int $at): array => ['date' => $day($at), 'forecast' => 100.0 + $at, 'lower' => 80.0, 'upper' => 130.0, 'actual' => $at < 20 ? 96.0 + $at % 7 : null], range(1, 28)),
                'drift' => $none ? [] : [['day' => $day(22), 'measure' => 'psi:price_band', 'value' => 0.31, 'reference' => 0.25, 'status' => 'drifted'], ['day' => $day(22), 'measure' => 'error', 'value' => 1.02, 'reference' => 1.25, 'status' => 'ok']],
                'acceptance' => $none ? [] : [['week' => $day(16), 'accepted' => 8, 'changed' => 2, 'refused' => 3]],
                'predictions' => ['count' => $none ? 0 : 420, 'median_ms' => $none ? null : 0.031, 'per_day' => $none ? [] : [['day' => $day(22), 'count' => 60]]]];
        }

        public function overview(): array
        {
            $count = static fn (int $pending, float $gain): array => ['pending' => $pending, 'gain' => $gain, 'applied' => 3];
            $empty = double_state() === 'empty';
            $decided = static fn (int $days): array => ['days' => $days, 'applied' => $empty ? 0 : 12, 'changed' => 2, 'rejected' => 3, 'undone' => 1, 'acceptance' => $empty ? null : 0.75, 'estimated_gain' => 420.0];

            return ['counts' => ['category' => $count($empty ? 0 : 4, 0.0), 'price' => $count($empty ? 0 : 17, 1250.5), 'reorder' => $count($empty ? 0 : 6, 0.0)],
                'decided' => [$decided(30), $decided(90)],
                'realised' => $empty ? ['available' => false, 'reason' => 'too_early', 'needed' => 5, 'found' => 0]
                    : ['available' => true, 'changes' => 9, 'gain_a_week' => 310.0, 'lower' => -40.0, 'upper' => 660.0],
                'alerts' => []];
        }

        public function insights(array $options = []): array
        {
            return in_array(double_state(), ['empty', 'no_model'], true) ? ['available' => false, 'reason' => 'not_forecast']
                : ['available' => true, 'made_on' => '2026-11-22', 'total' => ['days' => 28, 'units' => 690.0, 'units_lower' => 630.0, 'units_upper' => 750.0, 'recent_units' => 680.0,
                    'revenue' => 150000.0, 'revenue_lower' => 132000.0, 'revenue_upper' => 167000.0, 'placeholder_stocks' => 0],
                    'items' => [['kind' => 'stock_out', 'product_id' => 42, 'name' => 'Zeytinyağı <b>5 L</b>', 'model' => 'ZY-5', 'event_on' => '2026-11-25', 'value' => 2280.0,
                        'detail' => ['quantity' => 3.0, 'missed_units' => 10.0, 'reorder_quantity' => 59.0]]]];
        }

        public function suggestions(): AI\SuggestionInbox
        {
            return new AI\SuggestionInbox();
        }

        public function models(): array
        {
            $none = double_state() === 'no_model';
            $row = static fn (string $type, int $size, array $metric, array $extra = []): array => ['type' => $type, 'name' => $type, 'version' => $none ? null : '20261122-1',
                'status' => $none ? 'none' : 'active', 'trained_at' => $none ? null : '2026-11-22T05:00:00Z', 'data_size' => $none ? 0 : $size, 'metric' => $none ? null : $metric, 'extra' => $none ? [] : $extra, 'reason' => $none ? 'no_model' : null];

            return [$row('categorization', 2000, ['name' => 'accuracy', 'value' => 0.91, 'baseline' => 0.08, 'baseline_name' => 'most_frequent', 'better' => 'higher', 'held_out' => 400], ['macro_f1' => 0.88]),
                $row('pricing', 104000, ['name' => 'wape', 'value' => 0.31, 'baseline' => 0.36, 'baseline_name' => 'mean', 'better' => 'lower', 'held_out' => 9000]),
                $row('forecasting', 400000, ['name' => 'wape', 'value' => 0.42, 'baseline' => 0.40, 'baseline_name' => 'seasonal_naive', 'better' => 'lower', 'held_out' => 56000], ['coverage' => 0.79]),
                $row('recommendation', 200000, ['name' => 'recall_at_10', 'value' => 0.21, 'baseline' => 0.07, 'baseline_name' => 'popularity', 'better' => 'higher', 'held_out' => 5000])];
        }

        public function product(int $id, array $options = []): array
        {
            $no = ['available' => false, 'reason' => 'no_model'];
            $none = double_state() === 'no_model';
            $day = static fn (int $i): string => gmdate('Y-m-d', strtotime("2026-11-22 $i day"));
            $value = static fn (int $i): float => 5 + 2 * sin($i * 2 * M_PI / 7) + $i * 0.01;

            return ['product_id' => $id, 'name' => '<img src=x onerror=alert(1)> Pamuklu tişört', 'model' => 'TS-1', 'price' => '249.9000', 'quantity' => 130,
                'category' => $none ? $no : ['available' => true, 'current' => [['category_id' => 3, 'path' => 'Giyim > Erkek']], 'suggestions' => [
                    ['category_id' => 4, 'category' => 'Giyim > Erkek > Tişört', 'confidence' => 0.93, 'suggested' => true], ['category_id' => 5, 'category' => 'Giyim > Kadın > Tişört', 'confidence' => 0.05, 'suggested' => false]]],
                'price_suggestion' => $none ? $no : ['available' => true, 'current_price' => 249.9, 'list_price' => 299.9, 'list_follows' => null, 'suggested_price' => 269.9, 'change_percentage' => 8.0, 'expected_impact' => ['demand_change' => -0.06, 'profit_change' => 0.11, 'profit_change_lower' => 0.02],
                    'confidence' => 0.82, 'valid_until' => '2026-11-29 05:00:00', 'elasticity' => ['value' => -0.8, 'lower' => -1.2, 'upper' => -0.4], 'reason' => 'raise', 'bound_by' => 'max_change'],
                'forecast' => $none ? ['available' => false, 'reason' => 'not_enough_data'] : ['available' => true, 'product_id' => $id, 'granularity' => 'day', 'horizon' => 28, 'method' => 'ets', 'class' => 'smooth', 'season' => 7,
                    'points' => array_map(static fn (int $i): array => ['date' => $day($i), 'value' => $value($i), 'lower' => max(0, $value($i) - 2.5), 'upper' => $value($i) + 2.5], range(0, 27)), 'total' => 143.2,
                    'history' => array_map(static fn (int $i): array => ['date' => $day($i), 'value' => max(0, round($value($i) + sin($i * 5.1) * 2))], range(-90, -1)),
                    'backtest' => ['wape' => 0.31, 'baseline_wape' => 0.44, 'baseline' => 'seasonal_naive'], 'stock' => ['quantity' => 130, 'days_of_cover' => 25.5, 'stock_out_date' => '2026-12-17', 'reorder_point' => 40, 'reorder_quantity' => 150], 'reasons' => ['weekly_season', 'rising_trend']],
                'related' => $none ? $no : ['available' => true, 'items' => [['product_id' => 8, 'name' => 'Kot pantolon', 'model' => 'KP-8', 'price' => '599.0000', 'score' => 0.4, 'reason' => 'bought_together']]]];
        }

        public function priceOptimizer(): object
        {
            return new class {
                public function simulate(int $id, array $prices, array $options = []): array
                {
                    return array_map(static fn (float $p): array => ['price' => $p, 'units' => 40 * ($p / 249.9) ** -0.8, 'revenue' => $p * 40 * ($p / 249.9) ** -0.8, 'profit' => ($p - 120) * 40 * ($p / 249.9) ** -0.8], $prices);
                }
            };
        }
    }

    final class Performance
    {
        public function monitor(): object
        {
            return new class {
                public function startRequest(string $endpoint, string $method = 'GET'): array
                {
                    return [];
                }

                public function endRequest(array $context, int $status = 200, ?string $error = null): array
                {
                    return [];
                }
            };
        }

        public function requests(array $query = []): array
        {
            $none = double_state() === 'empty';
            $series = $none ? [] : array_map(static fn (int $i): array => ['minute' => gmdate('Y-m-d\TH:i:00\Z', 1795000000 + 60 * $i), 'count' => 20 + $i % 7, 'p95_ms' => 9 + 4 * sin($i)], range(0, 59));

            return ['window_minutes' => 60, 'total' => ['count' => $none ? 0 : 1234, 'errors' => 1, 'p50_ms' => 3.2, 'p95_ms' => 11.8, 'p99_ms' => 31.0, 'max_ms' => 120.4],
                'endpoints' => $none ? [] : [['endpoint' => 'extension/meschain/reporting/dashboard.data', 'method' => 'GET', 'count' => 800, 'errors' => 1, 'p50_ms' => 3.2, 'p95_ms' => 11.8, 'p99_ms' => 31.0, 'max_ms' => 120.4, 'memory_mb' => 2.1]],
                'series' => $series, 'dropped' => 0];
        }

        public function status(): array
        {
            double_state();

            return ['tiers' => [['tier' => 'L0', 'backend' => 'memory', 'state' => 'on', 'reason' => '', 'entries' => 12, 'bytes' => 4200, 'hits' => 100, 'misses' => 12],
                ['tier' => 'L1', 'backend' => 'lmdb', 'state' => 'on', 'reason' => '', 'entries' => 12, 'bytes' => 81920, 'hits' => 12, 'misses' => 12],
                ['tier' => 'L2', 'backend' => 'redis', 'state' => 'down', 'reason' => 'connection refused', 'entries' => 0, 'bytes' => 0, 'hits' => 0, 'misses' => 0]]];
        }
    }
}

namespace MesChain\AI {
    use function MesChain\double_state;

    final class SuggestionInbox
    {
        private const ROW = ['marketplace_id' => 1, 'status' => 'pending', 'after' => null, 'model_version' => null, 'changed' => false, 'valid_until' => null,
            'decided_by' => null, 'decided_at' => null, 'error' => null, 'created_at' => '2026-11-22T05:00:00Z', 'revision' => 7];

        public function list(array $filter = []): array
        {
            $rows = double_state() === 'empty' ? [] : array_values(array_filter($this->rows(), static fn (array $row): bool => ($filter['kind'] ?? $row['kind']) === $row['kind']));

            return ['items' => ($filter['status'] ?? 'pending') === 'pending' ? $rows : [], 'total' => count($rows), 'counts' => (new \MesChain\AI())->overview()['counts']];
        }

        public function selection(array $filter = []): array
        {
            $items = $this->list($filter)['items'];

            return ['items' => $items, 'total' => count($items), 'limit' => 5000];
        }

        public function categories(int $id, string $search): array
        {
            return ['alternatives' => double_state() === 'no_model' ? [] : [['category_id' => 11, 'category' => 'Ev > Mutfak > Termoslar', 'confidence' => 0.05, 'suggested' => false]],
                'found' => $search === '' || $search === 'x' ? [] : [['category_id' => 12, 'path' => 'Ev > <i>' . $search . '</i>']]];
        }

        public function get(int $id): array
        {
            return $this->rows()[$id - 1];
        }

        public function reject(array $ids, array $by, string $note = '', array $revisions = []): array
        {
            return ['rejected' => array_map('intval', $ids)];
        }

        public function reopen(int $id, array $by, ?int $revision = null): array
        {
            return $this->get($id);
        }

        public function begin(int $id, array $by, ?array $value = null, ?int $revision = null): array
        {
            return ['status' => 'applying', 'after' => $value ?? $this->get($id)['suggested']] + $this->get($id);
        }

        public function applied(int $id, ?array $after, array $by): array
        {
            return ['status' => 'applied'] + $this->get($id);
        }

        public function audit(array $filter = []): array
        {
            return double_state() === 'empty' ? [] : [['audit_id' => 2, 'action' => 'applied', 'suggestion_id' => 1, 'product_id' => 42, 'kind' => 'price', 'user_id' => 1,
                'user_name' => 'Ayşe', 'before' => ['price' => 100.0], 'after' => ['price' => 109.9], 'detail' => [], 'at' => '2026-11-22T05:00:00Z']];
        }

        private function rows(): array
        {
            return [
                ['suggestion_id' => 1, 'kind' => 'price', 'product_id' => 42, 'name' => 'Zeytinyağı <b>5 L</b>', 'model' => 'ZY-5', 'before' => ['price' => 100.0], 'suggested' => ['price' => 109.9],
                    'reason' => ['code' => 'raise_price', 'bound_by' => 'change_limit'], 'confidence' => 0.87, 'expected_gain' => 124.5] + self::ROW,
                ['suggestion_id' => 2, 'kind' => 'category', 'product_id' => 43, 'name' => 'Çelik termos 1 L', 'model' => 'CT-1', 'before' => ['categories' => [['category_id' => 7, 'path' => 'Ev > Mutfak']]],
                    'suggested' => ['add' => [['category_id' => 9, 'path' => 'Spor > Kamp > Termoslar']], 'remove' => [['category_id' => 7, 'path' => 'Ev > Mutfak']]],
                    'reason' => ['code' => 'wrong_category', 'words' => ['termos', 'çelik']], 'confidence' => 0.93, 'expected_gain' => null] + self::ROW,
                ['suggestion_id' => 3, 'kind' => 'reorder', 'product_id' => 44, 'name' => 'Kahve 250 g', 'model' => 'KH-250', 'before' => ['quantity' => 4], 'suggested' => ['quantity' => 36.0],
                    'reason' => ['code' => 'stock_runs_out', 'stock_out_date' => '2026-12-02', 'expected_units' => 31.4, 'weeks' => 4], 'confidence' => 0.95, 'expected_gain' => null] + self::ROW,
            ];
        }
    }
}

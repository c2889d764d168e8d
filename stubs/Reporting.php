<?php

namespace MesChain;

/**
 * What happened in the shop, from the columnar snapshot; figures equal SQL to the last decimal.
 *
 * Money is a decimal string with four digits ("1234.5000") in the shop's default currency. Days begin at midnight in
 * meschain.timezone. Definitions of every figure: docs/reporting.md.
 *
 * @example
 *   $report = (new MesChain\Reporting())->dashboard(['range' => 'last_30']);
 *   foreach ($report['kpis'] as $kpi) {
 *       echo $kpi['id'], ' ', $kpi['value'], "\n";
 *   }
 */
class Reporting
{
    /**
     * @param null|string|array|object $settings see Shop
     * @throws Exception\ArgumentException|Exception\SettingException
     */
    public function __construct(mixed $settings = null) {}

    /**
     * Key figures, series, top products and marketplaces of a range beside the previous period and last year.
     *
     * @param array{range?: string, from?: string, to?: string, store_id?: int, marketplace_id?: int,
     *   granularity?: 'auto'|'hour'|'day'|'week'|'month', limit?: int} $query range: one of ranges(); from, to: days
     *   Y-m-d, inclusive, for range custom; limit: top products, 1 to 100
     * @return array{available: bool, reason?: string, range: array{preset: string, from: string, to: string, days: int},
     *   previous: array{from: string, to: string, days: int}, last_year: array{from: string, to: string, days: int},
     *   currency: array{code: string, symbol_left: string, symbol_right: string, decimals: int}, timezone: string,
     *   statuses: array{included: list<int>, names: list<string>},
     *   freshness: array{built_at: string, age_seconds: int, orders: int},
     *   kpis: list<array{id: string, unit: 'money'|'count'|'ratio', value: string|int, previous: string|int,
     *     last_year: string|int, change_previous: ?float, change_last_year: ?float, better: 'up'|'down'|'none'}>,
     *   granularity: string,
     *   series: list<array{key: string, revenue: string, orders: int, units: int, previous_revenue: ?string}>,
     *   top_products: list<array{product_id: int, name: string, model: string, units: int, orders: int,
     *     revenue: string, share: float}>,
     *   marketplaces: list<array{marketplace_id: int, code: string, name: string, orders: int, units: int,
     *     revenue: string, average_order_value: string, share: float}>}
     *   with no snapshot: array{available: false, reason: 'no_snapshot'}
     * @throws Exception\ArgumentException
     */
    public function dashboard(array $query = []): array {}

    /**
     * One section of the dashboard as CSV (UTF-8). Text cells that a spreadsheet would run are neutralised.
     *
     * @param 'kpis'|'series'|'top_products'|'marketplaces' $section
     * @param array $query as dashboard()
     * @param array{separator?: string, bom?: bool, decimal?: string} $options separator: one of , ; or tab;
     *   decimal: . or ,
     * @throws Exception\ArgumentException|Exception\NotFoundException with no snapshot
     */
    public function csv(string $section, array $query = [], array $options = []): string {}

    /**
     * The figures of dashboard() beside the same ones through SQL.
     *
     * @param array $query as dashboard()
     * @return array{equal: bool, checks: list<array{figure: string, snapshot: string, sql: string, equal: bool}>}
     * @throws Exception\DatabaseException|Exception\NotFoundException
     */
    public function verify(array $query = []): array {}

    /** @return list<string> the presets that `range` takes */
    public function ranges(): array {}
}

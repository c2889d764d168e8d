<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Reporting;

/** Every figure equals SQL on the shop's own tables, to the last decimal. The SQL here is the test's own. */
final class FiguresTest extends ShopCase
{
    /** @dataProvider ranges */
    public function testKpisEqualSql(array $query): void
    {
        $data = (new Reporting())->dashboard($query);
        $kpis = array_column($data['kpis'], 'value', 'id');
        [$orders, $revenue] = self::row("SELECT COUNT(*), COALESCE(SUM(total), 0) FROM oc_order o WHERE {$this->counted($data)}");
        [$units] = self::row("SELECT COALESCE(SUM(p.quantity), 0) FROM oc_order_product p JOIN oc_order o USING (order_id) WHERE {$this->counted($data)}");
        self::assertEquals($orders, $kpis['orders']);
        self::assertSame(bcadd($revenue, '0', 4), $kpis['revenue']);
        self::assertEquals($units, $kpis['units']);
        self::assertSame($this->average($revenue, (int) $orders), $kpis['average_order_value']);
        foreach (['orders', 'revenue', 'units'] as $figure) {
            self::assertSame($this->sum($data['series'], $figure), (string) $kpis[$figure], "the series adds up to $figure");
            self::assertSame($this->sum($data['marketplaces'], $figure), (string) $kpis[$figure], "the marketplaces add up to $figure");
        }
        self::assertTrue((new Reporting())->verify($query)['equal']);
    }

    public static function ranges(): array
    {
        return [
            'last 7' => [['range' => 'last_7']],
            'last 30 by week' => [['range' => 'last_30', 'granularity' => 'week']],
            'last 90' => [['range' => 'last_90']],
            'year by month' => [['range' => 'year', 'granularity' => 'month']],
            'last year' => [['range' => 'last_year']],
            'all' => [['range' => 'all']],
            'yesterday by hour' => [['range' => 'yesterday', 'granularity' => 'hour']],
        ];
    }

    public function testTopProductsEqualSql(): void
    {
        $data = (new Reporting())->dashboard(['range' => 'last_90', 'limit' => 5]);
        self::assertCount(5, $data['top_products']);
        foreach ($data['top_products'] as $product) {
            [$units, $orders, $revenue] = self::row(
                "SELECT SUM(p.quantity), COUNT(DISTINCT p.order_id), SUM(p.total) FROM oc_order_product p JOIN oc_order o USING (order_id)
                WHERE p.product_id = {$product['product_id']} AND {$this->counted($data)}",
            );
            self::assertEquals($units, $product['units']);
            self::assertEquals($orders, $product['orders']);
            self::assertSame(bcadd($revenue, '0', 4), $product['revenue']);
        }
        $revenues = array_column($data['top_products'], 'revenue');
        $sorted = $revenues;
        usort($sorted, fn ($a, $b) => bccomp($b, $a, 4));
        self::assertSame($sorted, $revenues);
    }

    public function testMarketplacesEqualSql(): void
    {
        $data = (new Reporting())->dashboard(['range' => 'all']);
        $sql = array_column(self::rows(
            "SELECT COALESCE(x.marketplace_id, 1) AS id, COUNT(*) AS orders, SUM(o.total) AS revenue
            FROM oc_order o LEFT JOIN meschain_order_origin x USING (order_id) WHERE {$this->counted($data)} GROUP BY id",
        ), null, 'id');
        $sold = array_filter($data['marketplaces'], fn ($row) => $row['orders'] > 0);
        self::assertCount(count($sql), $sold);
        foreach ($sold as $row) {
            self::assertEquals($sql[$row['marketplace_id']]['orders'], $row['orders'], $row['name']);
            self::assertSame(bcadd($sql[$row['marketplace_id']]['revenue'], '0', 4), $row['revenue'], $row['name']);
        }
        $one = array_values($sold)[0];
        $alone = (new Reporting())->dashboard(['range' => 'all', 'marketplace_id' => $one['marketplace_id']]);
        self::assertSame($one['orders'], array_column($alone['kpis'], 'value', 'id')['orders']);
    }

    public function testPreviousPeriodIsTheOneBefore(): void
    {
        $reporting = new Reporting();
        $now = $reporting->dashboard(['range' => 'last_30']);
        $before = $reporting->dashboard(['range' => 'custom', 'from' => $now['previous']['from'], 'to' => $now['previous']['to']]);
        self::assertSame(array_column($now['kpis'], 'previous', 'id'), array_column($before['kpis'], 'value', 'id'));
        self::assertSame($now['range']['days'], $now['previous']['days']);
        $end = new \DateTimeImmutable($now['previous']['to']);
        self::assertSame($now['range']['from'], $end->modify('+1 day')->format('Y-m-d'));
    }

    public function testCsvShowsTheSameFigures(): void
    {
        $query = ['range' => 'last_30'];
        $data = (new Reporting())->dashboard($query);
        $lines = array_map('str_getcsv', explode("\n", trim((new Reporting())->csv('series', $query, ['bom' => false]))));
        self::assertCount(count($data['series']) + 1, $lines);
        foreach ($data['series'] as $at => $point) {
            self::assertSame($point['key'], $lines[$at + 1][0]);
            self::assertContains((string) $point['orders'], $lines[$at + 1]);
        }
    }

    public function testCsvCannotStartAFormula(): void
    {
        $csv = (new Reporting())->csv('top_products', ['range' => 'all', 'limit' => 100]);
        foreach (array_map('str_getcsv', explode("\n", trim($csv))) as $line) {
            foreach ($line as $cell) {
                self::assertDoesNotMatchRegularExpression('/^[=+@\t]|^-\D/', (string) $cell);
            }
        }
    }

    /** The condition of the report: counted statuses, days in the shop's zone. */
    private function counted(array $data): string
    {
        $zone = new \DateTimeZone($data['timezone']);
        $utc = new \DateTimeZone('UTC');
        $from = (new \DateTimeImmutable($data['range']['from'], $zone))->setTimezone($utc)->format('Y-m-d H:i:s');
        $until = (new \DateTimeImmutable($data['range']['to'], $zone))->modify('+1 day')->setTimezone($utc)->format('Y-m-d H:i:s');
        $statuses = implode(',', array_map('intval', $data['statuses']['included']));
        return "o.order_status_id IN ($statuses) AND o.date_added >= '$from' AND o.date_added < '$until'";
    }

    private function sum(array $rows, string $figure): string
    {
        $decimals = $figure === 'revenue' ? 4 : 0;
        return array_reduce($rows, fn ($sum, $row) => bcadd($sum, (string) $row[$figure], $decimals), bcadd('0', '0', $decimals));
    }

    /** Half away from zero, as money is rounded everywhere. */
    private function average(string $revenue, int $orders): string
    {
        if ($orders === 0) {
            return '0.0000';
        }
        return bcadd(bcdiv($revenue, (string) $orders, 12), '0.00005', 4);
    }
}

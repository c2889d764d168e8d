<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** The dashboard's figures as text. */
final class Dashboard
{
    public function __construct(private Console $console, private array $data)
    {
    }

    public function head(): void
    {
        ['range' => $range, 'previous' => $previous, 'last_year' => $lastYear] = $this->data;
        $this->console->title("{$range['from']} to {$range['to']}  ({$range['days']} days, {$this->data['timezone']}, {$this->data['currency']['code']})");
        $this->console->line("against {$previous['from']} to {$previous['to']}, and last year's {$lastYear['from']} to {$lastYear['to']}");
    }

    public function section(string $name): void
    {
        match ($name) {
            'kpis' => $this->kpis(),
            'series' => $this->series(),
            'top_products' => $this->topProducts(),
            'marketplaces' => $this->marketplaces(),
        };
    }

    public function kpis(): void
    {
        $this->console->table(['figure', '>value', '>previous', '>change', '>last year', '>change'], array_map(
            fn ($kpi) => [
                str_replace('_', ' ', $kpi['id']),
                $this->value($kpi['unit'], $kpi['value']),
                $this->value($kpi['unit'], $kpi['previous']),
                Format::change($kpi['change_previous']),
                $this->value($kpi['unit'], $kpi['last_year']),
                Format::change($kpi['change_last_year']),
            ],
            $this->data['kpis'],
        ));
    }

    public function series(): void
    {
        $this->console->table([$this->data['granularity'], '>revenue', '>orders', '>units', '>previous'], array_map(
            fn ($point) => [
                $point['key'],
                $this->money($point['revenue']),
                Format::count($point['orders']),
                Format::count($point['units']),
                $point['previous_revenue'] === null ? '–' : $this->money($point['previous_revenue']),
            ],
            $this->data['series'],
        ));
    }

    public function topProducts(): void
    {
        $this->console->table(['>id', 'product', 'model', '>units', '>orders', '>revenue', '>share'], array_map(
            fn ($product) => [
                (string) $product['product_id'],
                $product['name'],
                $product['model'],
                Format::count($product['units']),
                Format::count($product['orders']),
                $this->money($product['revenue']),
                Format::percent($product['share']),
            ],
            $this->data['top_products'],
        ));
    }

    public function marketplaces(): void
    {
        $this->console->table(['marketplace', '>orders', '>units', '>revenue', '>average order', '>share'], array_map(
            fn ($marketplace) => [
                $marketplace['name'],
                Format::count($marketplace['orders']),
                Format::count($marketplace['units']),
                $this->money($marketplace['revenue']),
                $this->money($marketplace['average_order_value']),
                Format::percent($marketplace['share']),
            ],
            $this->data['marketplaces'],
        ));
    }

    private function money(string $amount): string
    {
        return Format::money($amount, $this->data['currency']);
    }

    private function value(string $unit, string|int|float|null $value): string
    {
        return match (true) {
            $value === null => '–',
            $unit === 'money' => $this->money((string) $value),
            $unit === 'ratio' => Format::percent((float) $value),
            default => Format::count((int) $value),
        };
    }
}

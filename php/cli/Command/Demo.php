<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, Dashboard, ExitCode, Format, Input, Native};

final class Demo extends Command
{
    /** How many of the best sellers are asked before giving up on one with a forecast. */
    private const CANDIDATES = 10;

    public function summary(): string
    {
        return 'a short tour: figures, a forecast, a price, what goes with it';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $dashboard = $native->reporting()->dashboard(['range' => 'last_30', 'limit' => self::CANDIDATES]);
        if (!$dashboard['available'] || !$dashboard['top_products']) {
            $console->json && $console->json(['dashboard' => $dashboard, 'product' => null]);
            $console->line('There is nothing to show yet. Run: meschain sample, meschain refresh, meschain train');
            return ExitCode::FAILURE;
        }
        $product = $this->product($dashboard['top_products'], $native);
        if ($console->json) {
            $console->json(['dashboard' => $dashboard, 'product' => $product]);
            return ExitCode::OK;
        }
        $text = new Dashboard($console, $dashboard);
        $text->head();
        $console->line();
        $text->kpis();
        $this->show($product, $dashboard['currency'], $console);
        return ExitCode::OK;
    }

    /** The first best seller with a forecast, else the first. */
    private function product(array $candidates, Native $native): array
    {
        $ai = $native->ai();
        $products = [];
        foreach ($candidates as $candidate) {
            $products[] = $product = $ai->product((int) $candidate['product_id']);
            if ($product['forecast']['available']) {
                return $product;
            }
        }
        return $products[0];
    }

    private function show(array $product, array $currency, Console $console): void
    {
        $console->line();
        $console->title("{$product['name']}  ({$product['model']}, number {$product['product_id']})");
        $this->part('Forecast', $product['forecast'], $console, function (array $forecast) use ($console) {
            $console->table(['week of', '>units', '>at least', '>at most'], array_map(
                fn ($point) => [$point['date'], ...array_map(fn ($key) => sprintf('%.1f', $point[$key]), ['value', 'lower', 'upper'])],
                $forecast['points'],
            ));
            $test = $forecast['backtest'];
            $console->line("by the method \"{$forecast['method']}\"" . ($test === null ? '' : sprintf(
                '; error on held-out weeks %s, %s method %s',
                Format::percent($test['wape']),
                str_replace('_', ' ', $test['baseline']),
                Format::percent($test['baseline_wape']),
            )));
        });
        $this->part('Price', $product['price_suggestion'], $console, fn (array $price) => $console->line(sprintf(
            '%s now, %s suggested (%+.1f %%): profit %s, confidence %s, because %s',
            Format::money(sprintf('%.4f', $price['current_price']), $currency),
            Format::money(sprintf('%.4f', $price['suggested_price']), $currency),
            $price['change_percentage'],
            Format::change($price['expected_impact']['profit_change']),
            Format::percent($price['confidence']),
            str_replace('_', ' ', $price['reason']),
        )));
        $this->part('Category', $product['category'], $console, fn (array $category) => $console->table(
            ['category', '>confidence'],
            array_map(fn ($row) => [$row['category'], Format::percent($row['confidence'])], $category['suggestions']),
        ));
        $this->part('Goes with it', $product['related'], $console, fn (array $related) => $console->table(
            ['>id', 'product', '>score', 'why'],
            array_map(fn ($item) => [(string) $item['product_id'], $item['name'], sprintf('%.3f', $item['score']), str_replace('_', ' ', (string) $item['reason'])], $related['items']),
        ));
    }

    private function part(string $title, array $part, Console $console, callable $show): void
    {
        $console->line();
        $console->title($title);
        $part['available'] ? $show($part) : $console->line('Not yet: ' . str_replace('_', ' ', $part['reason']) . '.');
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, Dashboard, ExitCode, Input, Native, Option, UsageError};

final class Report extends Command
{
    private const SECTIONS = ['kpis', 'series', 'top_products', 'marketplaces'];

    public function summary(): string
    {
        return 'the shop\'s figures for a range of days';
    }

    public function synopsis(): string
    {
        return '[--range NAME | --from DAY --to DAY] [--section NAME] [--csv | --verify]';
    }

    public function options(): array
    {
        return [
            'range' => Option::value('NAME', 'today, yesterday, last_7, last_30 (default), last_90, month, quarter, year, last_year, all'),
            'from' => Option::value('YYYY-MM-DD', 'first day'),
            'to' => Option::value('YYYY-MM-DD', 'last day, included'),
            'section' => Option::value('NAME', implode(', ', self::SECTIONS) . '; default all'),
            'granularity' => Option::value('NAME', 'auto, hour, day, week or month'),
            'store' => Option::value('ID', 'one store only'),
            'marketplace' => Option::value('ID', 'one marketplace only'),
            'limit' => Option::value('N', 'how many top products, up to 100'),
            'csv' => Option::flag('print the section as CSV'),
            'separator' => Option::value('TEXT', 'between the CSV\'s fields'),
            'language' => Option::value('CODE', 'of the CSV\'s headings, such as tr-tr'),
            'verify' => Option::flag('compare the snapshot\'s figures with the same through SQL'),
        ];
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $section = $input->text('section');
        if ($section !== null && !in_array($section, self::SECTIONS, true)) {
            throw new UsageError("--section is one of " . implode(', ', self::SECTIONS) . ", given \"$section\".");
        }
        $query = $this->query($input);
        if ($input->flag('verify')) {
            return $this->verify($query, $console, $native);
        }
        if ($input->flag('csv')) {
            $console->raw($native->reporting()->csv($section ?? 'kpis', $query, $input->only('separator', 'language')));
            return ExitCode::OK;
        }
        return $this->show($section, $query, $console, $native);
    }

    private function query(Input $input): array
    {
        $custom = $input->only('from', 'to');
        if ($custom && $input->text('range') !== null) {
            throw new UsageError('Either --range, or --from and --to.');
        }
        if (count($custom) === 1) {
            throw new UsageError('--from and --to go together.');
        }
        return ($custom ? ['range' => 'custom'] + $custom : $input->only('range'))
            + $input->only('granularity', 'limit')
            + array_filter(['store_id' => $input->integer('store'), 'marketplace_id' => $input->integer('marketplace')], fn ($id) => $id !== null);
    }

    private function show(?string $section, array $query, Console $console, Native $native): int
    {
        $data = $native->reporting()->dashboard($query);
        if ($console->json) {
            $console->json($section === null ? $data : array_intersect_key($data, ['available' => 1, 'reason' => 1, 'range' => 1, $section => 1]));
        }
        if (!$data['available']) {
            $console->line("No figures: {$data['reason']}." . ($data['reason'] === 'no_snapshot' ? ' Run: meschain refresh' : ''));
            return ExitCode::FAILURE;
        }
        $dashboard = new Dashboard($console, $data);
        $dashboard->head();
        foreach ($section === null ? self::SECTIONS : [$section] as $name) {
            $console->line();
            $dashboard->section($name);
        }
        return ExitCode::OK;
    }

    private function verify(array $query, Console $console, Native $native): int
    {
        $result = $native->reporting()->verify($query);
        if ($console->json) {
            $console->json($result);
        }
        $console->table(['figure', '>snapshot', '>SQL', ''], array_map(
            fn ($check) => [$check['figure'], $check['snapshot'], $check['sql'], $check['equal'] ? 'equal' : 'DIFFERENT'],
            $result['checks'],
        ));
        return $result['equal'] ? ExitCode::OK : ExitCode::FAILURE;
    }
}

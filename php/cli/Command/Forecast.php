<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, Option, Work};

final class Forecast extends Command
{
    public function summary(): string
    {
        return "make the day's forecasts and tell what runs out, lies too long, rises or falls";
    }

    public function synopsis(): string
    {
        return '[--limit N]';
    }

    public function options(): array
    {
        return ['limit' => Option::value('N', 'lines at most; default 20')];
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $ai = $native->ai();
        $made = (new Work($console, $ai->makeForecasts()))->finish();
        $insights = $ai->insights($input->only('limit'));
        if ($console->json) {
            $console->json($made + ['insights' => $insights]);
            return ExitCode::OK;
        }
        $console->table(['what', 'product', 'when', '>worth'], array_map(fn ($one) => [
            $one['kind'], $one['name'], $one['event_on'] ?? '–', Format::about($one['value']),
        ], $insights['items'] ?? []));
        $total = $insights['total'] ?? null;
        $total && $console->line(sprintf(
            'Next %d days: %s pieces (%s to %s), %s without tax; the last %1$d days sold %s.',
            $total['days'], Format::count((int) round($total['units'])), Format::count((int) round($total['units_lower'])),
            Format::count((int) round($total['units_upper'])), Format::about($total['revenue']), Format::count((int) round($total['recent_units'])),
        ));
        return ExitCode::OK;
    }
}

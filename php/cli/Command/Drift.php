<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, Work};

final class Drift extends Command
{
    public function summary(): string
    {
        return 'measure how far the shop has moved away from its models';
    }

    public function synopsis(): string
    {
        return '';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $measures = (new Work($console, $native->ai()->checkDrift()))->finish()['measures'];
        $console->json && $console->json($measures);
        $console->table(['model', 'measure', '>value', '>against', 'status', '>rows'], array_map(fn ($one) => [
            $one['type'], $one['measure'], Format::number($one['value']),
            $one['reference'] === null ? '–' : Format::number($one['reference']), $one['status'], Format::count($one['rows']),
        ], $measures));
        return ExitCode::OK;
    }
}

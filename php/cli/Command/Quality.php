<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native};

final class Quality extends Command
{
    private const TYPES = ['categorization', 'pricing', 'forecasting', 'recommendation'];

    public function summary(): string
    {
        return 'what the trainings used of the shop\'s data, what they left out and why';
    }

    public function synopsis(): string
    {
        return '[TYPE]';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(1);
        $types = $input->argument(0) === null ? self::TYPES : [$input->argument(0)];
        $all = array_combine($types, array_map($native->ai()->quality(...), $types));
        $console->json && $console->json($all);
        $rows = [];
        foreach ($all as $type => $one) {
            $rows[] = $one['available']
                ? [$type, Format::count($one['rows']), Format::count($one['used']), Format::count($one['confirmed']), sprintf('%.1f %%', $one['share'] * 100), self::reasons($one['reasons'])]
                : [$type, '–', '–', '–', '–', $one['reason']];
        }
        $console->table(['model', '>rows', '>used', '>confirmed', '>share', 'left out'], $rows);
        return ExitCode::OK;
    }

    private static function reasons(array $reasons): string
    {
        return implode(', ', array_map(fn ($one) => "{$one['reason']} " . Format::count($one['count']), $reasons));
    }
}

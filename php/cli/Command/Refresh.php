<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, Option, Work};

final class Refresh extends Command
{
    public function summary(): string
    {
        return 'bring the snapshot that reports and models read up to date';
    }

    public function synopsis(): string
    {
        return '[--rebuild]';
    }

    public function options(): array
    {
        return ['rebuild' => Option::flag('read everything again instead of what has changed')];
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $work = new Work($console, $native->shop()->refresh(['rebuild' => $input->flag('rebuild')]));
        $result = $work->finish();
        if ($console->json) {
            $console->json($result);
            return ExitCode::OK;
        }
        $console->line(sprintf(
            '%s: %s orders read, %s removed, in %s.',
            $result['rebuilt'] ? 'Rebuilt' : 'Refreshed',
            Format::count($result['orders_read']),
            Format::count($result['orders_removed']),
            Format::duration($work->seconds()),
        ));
        $console->line(sprintf(
            'The snapshot holds %s orders, %s lines, %s products, %s customers in %s.',
            Format::count($result['orders']),
            Format::count($result['lines']),
            Format::count($result['products']),
            Format::count($result['customers']),
            Format::bytes($result['bytes']),
        ));
        return ExitCode::OK;
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Input, Native, Option, UsageError};

final class Migrate extends Command
{
    public function summary(): string
    {
        return 'create or update MesChain\'s tables';
    }

    public function synopsis(): string
    {
        return '[status] [--dry-run]';
    }

    public function options(): array
    {
        return ['dry-run' => Option::flag('say what would be done, change nothing')];
    }

    public function details(): string
    {
        return 'May be run any number of times, also on two machines at once: one waits for the other. `migrate status` lists every
migration; "changed" there means that its file is not the one that was applied.';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(1);
        return match ($input->argument(0)) {
            null => $this->migrate($input->flag('dry-run'), $console, $native),
            'status' => $this->status($console, $native),
            default => throw new UsageError("Only \"status\" can follow \"migrate\", given \"{$input->argument(0)}\"."),
        };
    }

    private function migrate(bool $dryRun, Console $console, Native $native): int
    {
        $result = $native->shop()->migrate(['dry_run' => $dryRun]);
        if ($console->json) {
            $console->json($result);
            return ExitCode::OK;
        }
        foreach ($result['applied'] as $step) {
            $console->line(sprintf('applied %s %s  (%d statements, %.0f ms)', $step['version'], $step['name'], $step['statements'], $step['milliseconds']));
        }
        foreach ($result['pending'] as $name) {
            $console->line(($dryRun ? 'would apply ' : 'pending ') . $name);
        }
        if (!$result['applied'] && !$result['pending']) {
            $console->line('Nothing to do: the tables are up to date.');
        }
        return ExitCode::OK;
    }

    private function status(Console $console, Native $native): int
    {
        $rows = $native->shop()->migrationStatus();
        if ($console->json) {
            $console->json($rows);
        }
        $console->table(['version', 'name', 'status', 'applied at', 'checksum'], array_map(
            fn ($row) => [$row['version'], $row['name'], $row['status'], $row['applied_at'] ?? '–', substr($row['checksum'], 0, 12)],
            $rows,
        ));
        $changed = array_filter($rows, fn ($row) => $row['status'] === 'changed');
        return $changed ? ExitCode::FAILURE : ExitCode::OK;
    }
}

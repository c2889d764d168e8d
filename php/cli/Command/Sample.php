<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, Option, UsageError, Work};

final class Sample extends Command
{
    public function summary(): string
    {
        return 'fill a shop with generated data, or with a file of real orders';
    }

    public function synopsis(): string
    {
        return '[--size small|medium|large] [--seed N] | --online-retail FILE';
    }

    public function options(): array
    {
        return [
            'size' => Option::value('SIZE', 'small, medium (2,000 products, 200,000 order lines) or large (1,000,000 orders); default medium'),
            'seed' => Option::value('N', 'the same seed makes the same shop; default 1'),
            'end' => Option::value('YYYY-MM-DD', 'last day with orders; default yesterday'),
            'force' => Option::flag('also when the shop has products or orders of its own'),
            'online-retail' => Option::value('FILE', 'load a CSV (or .csv.gz) in the layout of UCI Online Retail instead'),
        ];
    }

    public function details(): string
    {
        return 'Writes into OpenCart\'s own tables and creates those that are missing. What the generator knew (elasticities, season,
stock-outs) is written beside it under <data_dir>/sample. Not for a shop that sells.';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $file = $input->text('online-retail');
        if ($file !== null && $input->only('size', 'seed', 'end')) {
            throw new UsageError('--online-retail goes with neither --size nor --seed nor --end.');
        }
        $force = $input->only('force');
        $task = $file === null
            ? $native->shop()->sample(['size' => $input->text('size') ?? 'medium'] + $input->only('seed', 'end') + $force)
            : $native->shop()->loadOnlineRetail(self::absolute($file), $force);
        $work = new Work($console, $task);
        $result = $work->finish();
        if ($console->json) {
            $console->json($result);
            return ExitCode::OK;
        }
        foreach ($result as $name => $value) {
            if (is_scalar($value)) {
                $console->line(sprintf('%-20s %s', str_replace('_', ' ', $name), is_int($value) ? Format::count($value) : Format::number($value)));
            }
        }
        $console->note('Done in ' . Format::duration($work->seconds()) . '.');
        return ExitCode::OK;
    }

    private static function absolute(string $file): string
    {
        return realpath($file) ?: throw new UsageError("There is no file \"$file\".");
    }
}

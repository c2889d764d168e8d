<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** One command of the command line. The file's name is its name. */
abstract class Command
{
    /** One line for the list of commands. */
    abstract public function summary(): string;

    /** What follows the name, as in "[status] [--dry-run]". */
    public function synopsis(): string
    {
        return '';
    }

    /** More than the summary says: examples, what is written where. */
    public function details(): string
    {
        return '';
    }

    /** @return array<string, Option> by name without dashes */
    public function options(): array
    {
        return [];
    }

    /** Whether it works without the extension. */
    public function runsWithoutExtension(): bool
    {
        return false;
    }

    /** @return int one of ExitCode */
    abstract public function run(Input $input, Console $console, Native $native): int;
}

<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Application, Command, Console, ExitCode, Input, Native};

final class Help extends Command
{
    public function summary(): string
    {
        return 'what there is, or what one command does';
    }

    public function synopsis(): string
    {
        return '[COMMAND]';
    }

    public function runsWithoutExtension(): bool
    {
        return true;
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(1);
        $name = $input->argument(0);
        return $name === null ? self::overview($console) : self::of($name, Application::command($name), $console);
    }

    public static function of(string $name, Command $command, Console $console): int
    {
        $options = self::described($command->options());
        $global = self::described(Application::globalOptions());
        if ($console->json) {
            $console->json(['command' => $name, 'summary' => $command->summary(), 'synopsis' => $command->synopsis(),
                'options' => $options, 'global_options' => $global]);
            return ExitCode::OK;
        }
        $console->line("meschain $name: {$command->summary()}");
        $console->line();
        $console->title('Usage');
        $console->line(rtrim("  meschain $name {$command->synopsis()}"));
        self::section($console, 'Options', $options);
        self::section($console, 'Everywhere', $global);
        if ($command->details() !== '') {
            $console->line();
            $console->line($command->details());
        }
        return ExitCode::OK;
    }

    public static function version(Console $console): int
    {
        $extension = phpversion('meschain') ?: null;
        if ($console->json) {
            $console->json(['extension' => $extension, 'php' => PHP_VERSION]);
        }
        $console->line('meschain ' . ($extension ?? '(extension not loaded)') . ', PHP ' . PHP_VERSION);
        return ExitCode::OK;
    }

    private static function overview(Console $console): int
    {
        $commands = array_map(fn (Command $command) => $command->summary(), Application::commands());
        if ($console->json) {
            $console->json(['commands' => $commands, 'global_options' => self::described(Application::globalOptions())]);
            return ExitCode::OK;
        }
        $console->line('MesChain: AI, reporting and performance for an OpenCart shop.');
        $console->line();
        $console->title('Usage');
        $console->line('  meschain COMMAND [options]');
        self::section($console, 'Commands', $commands);
        self::section($console, 'Everywhere', self::described(Application::globalOptions()));
        $console->line();
        $console->title('Exit codes');
        $console->line('  0 done, 1 failed, 2 wrong usage, 3 extension not loaded, 4 database not reachable, 5 not configured,');
        $console->line('  130 interrupted');
        return ExitCode::OK;
    }

    /** @param array<string, string> $entries */
    private static function section(Console $console, string $title, array $entries): void
    {
        if (!$entries) {
            return;
        }
        $console->line();
        $console->title($title);
        $width = max(array_map('strlen', array_keys($entries)));
        foreach ($entries as $name => $text) {
            $console->line('  ' . str_pad($name, $width) . "  $text");
        }
    }

    /**
     * @param array<string, \MesChain\Cli\Option> $options
     * @return array<string, string>
     */
    private static function described(array $options): array
    {
        $lines = [];
        foreach ($options as $name => $option) {
            $lines["--$name" . ($option->value === null ? '' : " {$option->value}")] = $option->help;
        }
        return $lines;
    }
}

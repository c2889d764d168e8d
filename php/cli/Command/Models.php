<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, UsageError};

final class Models extends Command
{
    private const TYPES = ['categorization', 'pricing', 'forecasting', 'recommendation'];

    public function summary(): string
    {
        return 'the models that serve, their versions, and the way back';
    }

    public function synopsis(): string
    {
        return '[check [TYPE] | versions TYPE | rollback TYPE VERSION]';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(3);
        $ai = $native->ai();
        $what = $input->argument(0);
        if ($what === null) {
            return $this->show($ai->models(), $console);
        }
        if ($what === 'check') {
            return $this->check(array_map($native->loader()->check(...), $input->argument(1) === null ? self::TYPES : [$input->argument(1)]), $console);
        }
        $type = $input->argument(1) ?? throw new UsageError("models $what needs a type, such as pricing.");
        return match ($what) {
            'versions' => $this->versions($ai->versions($type), $console),
            'rollback' => $this->show([$ai->rollBack(
                $type,
                $input->argument(2) ?? throw new UsageError('models rollback needs a version; see models versions.'),
                ['user_name' => (string) get_current_user()],
            )], $console),
            default => throw new UsageError("models: \"$what\" is none of check, versions, rollback."),
        };
    }

    private function show(array $models, Console $console): int
    {
        $console->json && $console->json($models);
        $console->table(['model', 'version', 'status', 'trained', 'metric', '>value', '>baseline', 'remark'], array_map(fn ($model) => [
            $model['type'], $model['version'] ?? '–', $model['status'], $model['trained_at'] ?? '–', ...self::figures($model['metric']),
            $model['reason'] ?? '',
        ], $models));
        return ExitCode::OK;
    }

    /** What is damaged ends with an exit code that says so; what was never trained is not damaged. */
    private function check(array $found, Console $console): int
    {
        $console->json && $console->json($found);
        $checked = array_filter($found, fn ($one) => isset($one['version']));
        $console->table(['model', 'version', 'file', '>bytes', 'found'], array_merge([], ...array_map(fn ($one) => array_map(fn ($file) => [
            $one['type'], $one['version'], $file['file'], Format::count($file['bytes']), $file['error'] ?? $one['error'] ?? 'good',
        ], $one['files']), $checked)));
        return array_filter($checked, fn ($one) => !$one['good']) ? ExitCode::FAILURE : ExitCode::OK;
    }

    private function versions(array $versions, Console $console): int
    {
        $console->json && $console->json($versions);
        $console->table(['version', 'trained', 'metric', '>value', '>baseline', '>bytes', 'serves', 'file'], array_map(fn ($version) => [
            $version['version'], $version['trained_at'], ...self::figures($version['metric']), Format::count($version['bytes']),
            $version['serving'] ? 'yes' : '', $version['good'] ? 'good' : 'damaged',
        ], $versions));
        return ExitCode::OK;
    }

    /** @return array{string, string, string} */
    private static function figures(?array $metric): array
    {
        return $metric === null ? ['–', '–', '–'] : [$metric['name'], Format::number($metric['value']), Format::number($metric['baseline'])];
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, Option, Work};

final class Train extends Command
{
    public function summary(): string
    {
        return 'train the models from the shop\'s own data';
    }

    public function synopsis(): string
    {
        return '[--models categorization,pricing,forecasting,recommendation] [--seed N] [--update] [--force]';
    }

    public function options(): array
    {
        return [
            'models' => Option::value('LIST', 'only these, parted by commas; default all four'),
            'seed' => Option::value('N', 'the same seed and data make the same models'),
            'update' => Option::flag('keep the choices of the last full training, where there is one that is young enough'),
            'force' => Option::flag('serve the new models even where they do not beat the ones that serve'),
        ];
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $options = $input->text('models') === null ? [] : ['models' => $input->words('models')];
        $result = (new Work($console, $native->ai()->train($options + $input->only('seed') + ['update' => $input->flag('update'), 'force' => $input->flag('force')])))->finish();
        if ($console->json) {
            $console->json($result);
            return ExitCode::OK;
        }
        $console->table(
            ['model', 'version', 'status', '>rows', 'metric', '>value', 'baseline', '>its value', '>held out', 'remark'],
            array_map(self::row(...), $result['models']),
        );
        foreach ($result['runs'] as $run) {
            $error = $run['error'] ?? '';
            $console->note("{$run['type']}: {$run['status']}" . self::mode($run) . ($error === '' ? '.' : ", $error."));
        }
        $console->note('Trained in ' . Format::duration((float) $result['seconds']) . '.');
        return ExitCode::OK;
    }

    /** @param array{mode: string, full_because: ?string} $run */
    private static function mode(array $run): string
    {
        return match (true) {
            $run['mode'] === 'update' => ' (update)',
            $run['full_because'] !== null => " (in full: {$run['full_because']})",
            default => '',
        };
    }

    /** @return list<string> */
    private static function row(array $model): array
    {
        $metric = $model['metric'];
        return [
            $model['name'],
            $model['version'] ?? '–',
            $model['status'],
            Format::count($model['data_size']),
            $metric['name'] ?? '–',
            $metric ? Format::number($metric['value']) : '–',
            $metric['baseline_name'] ?? '–',
            $metric ? Format::number($metric['baseline']) : '–',
            $metric ? Format::count($metric['held_out']) : '–',
            $model['reason'] ?? '',
        ];
    }
}

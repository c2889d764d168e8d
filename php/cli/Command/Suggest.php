<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, Option, Work};

final class Suggest extends Command
{
    public function summary(): string
    {
        return 'ask the models what they would change in the catalogue; it waits for approval in the admin';
    }

    public function synopsis(): string
    {
        return '[--kinds category,price,reorder] [--limit N]';
    }

    public function options(): array
    {
        return [
            'kinds' => Option::value('LIST', 'only these, parted by commas; default all three'),
            'limit' => Option::value('N', 'proposals of each kind at most; default 1,000'),
        ];
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $options = $input->text('kinds') === null ? [] : ['kinds' => $input->words('kinds')];
        $result = (new Work($console, $native->ai()->suggestions()->generate($options + $input->only('limit'))))->finish();
        if ($console->json) {
            $console->json($result);
            return ExitCode::OK;
        }
        $console->table(
            ['suggestions', '>new', '>brought up to date', '>refused lately'],
            array_map(
                fn ($kind, $row) => [$kind, Format::count($row['new']), Format::count($row['refreshed']), Format::count($row['muted'])],
                array_keys($result),
                $result,
            ),
        );
        return ExitCode::OK;
    }
}

<?php
// models.php FOLDER: FOLDER/MODEL.lines, one JSON object a set and method, as a Markdown table for each model.
//
// A line: {"set", "method", figures..., "metrics"?: {figures...}}. Lists and deeper objects are passed over; {"skipped": why} is said.

declare(strict_types=1);

require __DIR__ . '/../php/cli/Text.php';

const TITLES = ['categorise' => 'Categories', 'forecast' => 'Demand', 'pricing' => 'Prices', 'recommend' => 'Recommendations'];

foreach (TITLES as $model => $title) {
    $file = "{$argv[1]}/$model.lines";
    $rows = $skipped = [];
    foreach (is_file($file) ? file($file, FILE_IGNORE_NEW_LINES) : [] as $line) {
        $row = json_decode($line, true);
        if (is_array($row) && isset($row['skipped'])) {
            $skipped[] = trim(($row['set'] ?? '') . ' ' . $row['skipped']);
        } elseif (is_array($row) && isset($row['set'])) {
            $rows[] = figures($row);
        }
    }
    echo "### $title\n\n";
    echo $rows ? table($rows) : 'Not measured.', "\n\n";
    foreach ($skipped as $why) {
        echo "Skipped: $why.\n\n";
    }
}

/** The plain figures of a line, those under "metrics" included, without what a single method alone reports about itself. */
function figures(array $row): array
{
    $row = $row + ($row['metrics'] ?? []);
    unset($row['metrics']);
    return array_filter($row, 'is_scalar');
}

function table(array $rows): string
{
    usort($rows, fn ($a, $b) => [$a['set'], $a['method'] !== 'meschain'] <=> [$b['set'], $b['method'] !== 'meschain']);
    $columns = array_keys(array_merge(['set' => 0, 'method' => 0], ...$rows));
    $cells = array_map(fn ($row) => array_map(fn ($column) => shown($row[$column] ?? null), $columns), $rows);
    $all = [array_map(fn ($column) => str_replace('_', ' ', $column), $columns), ...$cells];
    $widths = array_map(fn ($at) => max(array_map(MesChain\Cli\Text::width(...), array_column($all, $at))), array_keys($columns));
    $lines = array_map(fn ($row) => '| ' . implode(' | ', array_map(MesChain\Cli\Text::pad(...), $row, $widths)) . ' |', $all);
    array_splice($lines, 1, 0, ['| ' . implode(' | ', array_map(fn ($width) => str_repeat('-', $width), $widths)) . ' |']);
    return implode("\n", $lines);
}

function shown(mixed $value): string
{
    return match (true) {
        $value === null => '–',
        is_float($value) && abs($value) >= 100 => number_format($value),
        is_float($value) => rtrim(rtrim(number_format($value, 4, '.', ''), '0'), '.'),
        is_int($value) => number_format($value),
        default => (string) $value,
    };
}

<?php
// table.php SECTION LINES DOCUMENT [MARKDOWN]: turns JSON lines into one table, prints it, and puts it into the document's section.
//
// A line: {"bench", "method", "rival", "value", "rival_value", "unit", "better": "lower"|"higher", "note"?, "model"?}. Other lines are
// passed over. MARKDOWN is a file of ready-made tables that follows ours.

declare(strict_types=1);

require __DIR__ . '/../php/cli/Text.php';

[, $section, $lines, $document] = $argv;
$markdown = is_file($argv[4] ?? '') ? trim((string) file_get_contents($argv[4])) : '';

$rows = [];
foreach (file($lines, FILE_IGNORE_NEW_LINES) as $line) {
    $row = json_decode($line, true);
    if (is_array($row) && isset($row['bench'], $row['value'])) {
        $rows[] = cells($row);
    }
}
if (!$rows && $markdown === '') {
    fwrite(STDERR, "Nothing was measured.\n");
    exit(1);
}
$body = trim(about() . "\n\n" . ($rows ? table($rows) . "\n\n" : '') . $markdown) . "\n";
echo $body;
write($document, $section, $body);

function cells(array $row): array
{
    $unit = (string) ($row['unit'] ?? '');
    $rival = $row['rival_value'] ?? null;
    return [
        trim(($row['model'] ?? '') . ' ' . $row['bench']),
        (string) ($row['method'] ?? 'MesChain'),
        number((float) $row['value']) . ($unit === '' ? '' : " $unit"),
        (string) ($row['rival'] ?? '–'),
        $rival === null ? '–' : number((float) $rival) . ($unit === '' ? '' : " $unit"),
        $rival === null ? '–' : ratio((float) $row['value'], (float) $rival, ($row['better'] ?? 'lower') === 'lower'),
        (string) ($row['note'] ?? ''),
    ];
}

/** How many times better than the rival. */
function ratio(float $value, float $rival, bool $lowerIsBetter): string
{
    [$above, $below] = $lowerIsBetter ? [$rival, $value] : [$value, $rival];
    return $below == 0.0 ? '–' : number($above / $below) . 'x';
}

/** Three significant digits; thousands parted. */
function number(float $value): string
{
    if ($value == 0.0) {
        return '0';
    }
    $decimals = max(0, 2 - (int) floor(log10(abs($value))));
    return number_format($value, min($decimals, 6));
}

function table(array $rows): string
{
    $all = [['what', 'method', 'figure', 'rival', 'its figure', 'ratio', 'remark'], ...$rows];
    $widths = array_map(fn ($column) => max(array_map(MesChain\Cli\Text::width(...), array_column($all, $column))), array_keys($all[0]));
    $lines = array_map(fn ($row) => '| ' . implode(' | ', array_map(MesChain\Cli\Text::pad(...), $row, $widths)) . ' |', $all);
    array_splice($lines, 1, 0, ['| ' . implode(' | ', array_map(fn ($width) => str_repeat('-', $width), $widths)) . ' |']);
    return implode("\n", $lines);
}

function about(): string
{
    preg_match('/model name\s*:\s*(.+)/', (string) @file_get_contents('/proc/cpuinfo'), $cpu);
    preg_match('/MemTotal:\s*(\d+)/', (string) @file_get_contents('/proc/meminfo'), $memory);
    $cores = preg_match_all('/^processor\s*:/m', (string) @file_get_contents('/proc/cpuinfo'));
    return sprintf(
        'Measured on %s with PHP %s, %d cores (%s), %.0f GiB of memory; medians of repeated runs. The machine is a '
        . 'shared virtual one: differences of ten per cent are noise.',
        gmdate('Y-m-d'),
        PHP_VERSION,
        $cores,
        trim($cpu[1] ?? 'unknown'),
        ($memory[1] ?? 0) / 1024 ** 2,
    );
}

/** Replaces what stands between the section's two marks and leaves the rest of the document alone. */
function write(string $document, string $section, string $body): void
{
    $titles = ['general' => 'Library, reports, cache', 'ai' => 'Models', 'storefront' => 'The module of the shop'];
    $commands = ['general' => 'make bench', 'ai' => 'make bench-ai', 'storefront' => 'make bench-storefront'];
    $text = is_file($document) ? (string) file_get_contents($document)
        : "# Benchmarks\n\nEvery table here is written by the command named above it, never by hand.\n";
    $block = "<!-- $section -->\n\n$body\n<!-- /$section -->";
    $pattern = "#<!-- $section -->.*<!-- /$section -->#s";
    $text = preg_match($pattern, $text)
        ? preg_replace_callback($pattern, fn () => $block, $text)
        : rtrim($text) . "\n\n## {$titles[$section]}: `{$commands[$section]}`\n\n$block\n";
    file_put_contents($document, $text);
}

<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Format, Input, Native, UsageError};

final class Competitors extends Command
{
    private const NEEDED = ['product_id', 'competitor', 'price'];
    private const OPTIONAL = ['marketplace_id', 'seen_at'];
    private const MOST_BYTES = 20 << 20;
    private const MOST_ROWS = 100_000;

    public function summary(): string
    {
        return 'take the prices of competitors from a CSV file';
    }

    public function synopsis(): string
    {
        return 'FILE.csv';
    }

    public function details(): string
    {
        return 'The first line names the columns: product_id, competitor and price; marketplace_id (1, the own shop) and seen_at (ISO 8601, UTC;
now) where wanted. Parted by commas or semicolons, UTF-8, prices with tax and a point: 199.90. All rows are taken or none.';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(1);
        $file = $input->argument(0) ?? throw new UsageError('competitors needs a file: meschain competitors FILE.csv');
        $result = $native->ai()->priceOptimizer()->recordCompetitorPrices($this->rows($file));
        $console->json && $console->json($result);
        $console->line(Format::count($result['recorded']) . ' prices taken.');
        return ExitCode::OK;
    }

    /** @return list<array<string, string>> */
    private function rows(string $file): array
    {
        is_file($file) || throw new UsageError("There is no file \"$file\".");
        filesize($file) <= self::MOST_BYTES || throw new UsageError("\"$file\" is larger than " . (self::MOST_BYTES >> 20) . ' MiB.');
        is_readable($file) || throw new UsageError("\"$file\" cannot be read.");
        $lines = new \SplFileObject($file);
        $first = preg_replace('/^\xEF\xBB\xBF/', '', rtrim((string) $lines->fgets(), "\r\n"));
        $separator = substr_count($first, ';') > substr_count($first, ',') ? ';' : ',';
        $columns = $this->columns(array_map('trim', str_getcsv($first, $separator, '"', '')));
        $rows = [];
        for ($line = 2; !$lines->eof(); $line++) {
            $fields = $lines->fgetcsv($separator, '"', '');
            if (!$fields || $fields === [null]) {
                continue;
            }
            if (count($fields) !== count($columns)) {
                throw new UsageError("Row $line has " . count($fields) . ' fields, the first line ' . count($columns) . '.');
            }
            count($rows) < self::MOST_ROWS || throw new UsageError('More than ' . Format::count(self::MOST_ROWS) . ' rows; part the file.');
            $rows[] = array_combine($columns, $fields);
        }
        return $rows ?: throw new UsageError("\"$file\" has no rows.");
    }

    /**
     * @param list<string> $columns
     * @return list<string>
     */
    private function columns(array $columns): array
    {
        $missing = array_diff(self::NEEDED, $columns);
        $missing && throw new UsageError('The first line does not name: ' . implode(', ', $missing) . '.');
        $unknown = array_diff($columns, self::NEEDED, self::OPTIONAL);
        $unknown && throw new UsageError('Not a column: "' . implode('", "', $unknown) . '".');
        count(array_unique($columns)) === count($columns) || throw new UsageError('A column is named twice.');
        return $columns;
    }
}

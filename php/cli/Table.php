<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** Rows of text in aligned columns. */
final class Table
{
    /** A cell is never wider than this; longer ones end in an ellipsis. */
    private const CELL = 60;

    /**
     * @param list<string> $headers one that starts with ">" is right-aligned
     * @param list<list<string>> $rows
     * @return list<string> lines; the first is the header
     */
    public static function lines(array $headers, array $rows): array
    {
        $right = array_map(fn ($header) => str_starts_with($header, '>'), $headers);
        $all = array_map(
            fn ($row) => array_map(fn ($cell) => Text::cut(Text::plain((string) $cell), self::CELL), array_values($row)),
            [array_map(fn ($header) => ltrim($header, '>'), $headers), ...$rows],
        );
        $widths = array_map(fn ($column) => max(array_map(Text::width(...), array_column($all, $column))), array_keys($headers));
        return array_map(
            fn ($row) => rtrim(implode('  ', array_map(Text::pad(...), $row, $widths, $right))),
            $all,
        );
    }
}

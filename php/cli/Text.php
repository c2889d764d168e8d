<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** Widths of UTF-8 text on a terminal, also where PHP has no mbstring. */
final class Text
{
    public static function width(string $text): int
    {
        if (function_exists('mb_strwidth')) {
            return mb_strwidth($text, 'UTF-8');
        }
        return (int) preg_match_all('/[^\x80-\xBF]/', $text);
    }

    public static function pad(string $text, int $width, bool $right = false): string
    {
        $space = str_repeat(' ', max(0, $width - self::width($text)));
        return $right ? $space . $text : $text . $space;
    }

    public static function cut(string $text, int $width): string
    {
        if (self::width($text) <= $width) {
            return $text;
        }
        $characters = preg_split('//u', $text, -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $kept = '';
        foreach ($characters as $character) {
            if (self::width($kept . $character) >= $width) {
                break;
            }
            $kept .= $character;
        }
        return $kept . '…';
    }

    /** One line without control characters, so that data cannot write over the terminal. */
    public static function plain(string $text): string
    {
        return (string) preg_replace('/[\x00-\x1F\x7F]+|\xC2[\x80-\x9F]/', ' ', $text);
    }
}

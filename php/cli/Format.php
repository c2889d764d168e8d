<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** Numbers as people read them. Money stays exact: it comes as a decimal string and is never a float. */
final class Format
{
    /** @param array{symbol_left?: string, symbol_right?: string, decimals?: int} $currency */
    public static function money(string $amount, array $currency = []): string
    {
        $text = self::decimal($amount, (int) ($currency['decimals'] ?? 2));
        return ($currency['symbol_left'] ?? '') . $text . ($currency['symbol_right'] ?? '');
    }

    /** A decimal string rounded half away from zero, with thousands parted by commas. */
    public static function decimal(string $amount, int $decimals): string
    {
        $negative = str_starts_with($amount, '-');
        [$whole, $fraction] = explode('.', ltrim($amount, '+-'), 2) + [1 => ''];
        $digits = $whole . substr(str_pad($fraction, $decimals, '0'), 0, $decimals);
        if (($fraction[$decimals] ?? '0') >= '5') {
            $digits = self::increment($digits);
        }
        $digits = str_pad($digits, $decimals + 1, '0', STR_PAD_LEFT);
        $whole = $decimals > 0 ? substr($digits, 0, -$decimals) : $digits;
        $whole = ltrim($whole, '0') === '' ? '0' : ltrim($whole, '0');
        $grouped = strrev(implode(',', str_split(strrev($whole), 3)));
        $rest = $decimals > 0 ? '.' . substr($digits, -$decimals) : '';
        return ($negative && trim($digits, '0') !== '' ? '-' : '') . $grouped . $rest;
    }

    /** An estimate of money, in whole units of the currency. */
    public static function about(float $amount): string
    {
        return number_format($amount);
    }

    private static function increment(string $digits): string
    {
        $kept = rtrim($digits, '9');
        $zeros = str_repeat('0', strlen($digits) - strlen($kept));
        return $kept === '' ? "1$zeros" : substr($kept, 0, -1) . ((int) substr($kept, -1) + 1) . $zeros;
    }

    public static function count(int $number): string
    {
        return number_format($number);
    }

    public static function change(?float $ratio): string
    {
        return $ratio === null ? '–' : sprintf('%+.1f %%', $ratio * 100);
    }

    public static function percent(?float $ratio): string
    {
        return $ratio === null ? '–' : sprintf('%.1f %%', $ratio * 100);
    }

    public static function number(mixed $value): string
    {
        return is_float($value) ? rtrim(rtrim(number_format($value, 4, '.', ''), '0'), '.') : (string) $value;
    }

    public static function bytes(int $bytes): string
    {
        $units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
        $power = $bytes > 0 ? min((int) floor(log($bytes, 1024)), 4) : 0;
        return $power === 0 ? "$bytes B" : sprintf('%.1f %s', $bytes / 1024 ** $power, $units[$power]);
    }

    public static function duration(float $seconds): string
    {
        return match (true) {
            $seconds < 60 => sprintf('%.1f s', $seconds),
            $seconds < 3600 => sprintf('%d min %02d s', intdiv((int) $seconds, 60), (int) $seconds % 60),
            default => sprintf('%d h %02d min', intdiv((int) $seconds, 3600), intdiv((int) $seconds % 3600, 60)),
        };
    }
}

<?php

namespace Opencart\System\Library\Extension\Meschain;

/** Numbers and dates for what the server draws. Uses intl where the host has it; scripts use the browser's own Intl. */
final class Formatter
{
    /** Separators of the languages we ship, for hosts without intl: decimal, thousands, date. */
    private const PLAIN = ['tr' => [',', '.', 'd.m.Y'], 'en' => ['.', ',', 'd/m/Y']];

    /** @param string $locale BCP 47, as the language file gives it: 'tr-TR', 'en-GB' */
    public function __construct(private string $locale)
    {
    }

    public function number(string|float|int $value, int $decimals = 0): string
    {
        if (class_exists(\NumberFormatter::class)) {
            $format = new \NumberFormatter($this->locale, \NumberFormatter::DECIMAL);
            $format->setAttribute(\NumberFormatter::FRACTION_DIGITS, $decimals);
            $text = $format->format((float)$value);
            if ($text !== false) {
                return $text;
            }
        }
        [$point, $thousands] = $this->marks();

        return number_format((float)$value, $decimals, $point, $thousands);
    }

    /** All decimals, no thousands: what a field to fill in holds. */
    public function plain(float $value): string
    {
        return str_replace('.', $this->marks()[0], (string)$value);
    }

    /** @param array{symbol_left?:string,symbol_right?:string,decimals?:int} $currency the shop's own currency row */
    public function money(string|float $value, array $currency): string
    {
        $number = $this->number($value, (int)($currency['decimals'] ?? 2));

        return trim(($currency['symbol_left'] ?? '') . $number . ($currency['symbol_right'] ?? ''));
    }

    public function date(string $day): string
    {
        $date = \DateTimeImmutable::createFromFormat('!Y-m-d', $day);

        return $date ? $date->format($this->marks()[2]) : $day;
    }

    private function marks(): array
    {
        return self::PLAIN[strtolower(substr($this->locale, 0, 2))] ?? self::PLAIN['en'];
    }
}

<?php

declare(strict_types=1);

/** What the PHP benchmarks share: measuring, the shop's connection, and the line that benches/table.php reads. */
final class Bench
{
    /** The median of several runs, in seconds a call. */
    public static function seconds(callable $work, int $calls = 1, int $rounds = 7): float
    {
        $work();
        $times = [];
        for ($round = 0; $round < $rounds; $round++) {
            $start = hrtime(true);
            for ($call = 0; $call < $calls; $call++) {
                $work();
            }
            $times[] = (hrtime(true) - $start) / 1e9 / $calls;
        }
        sort($times);
        return $times[intdiv($rounds, 2)];
    }

    public static function report(string $bench, string $method, float $value, string $rival, float $rivalValue, string $unit, string $note = '', string $better = 'lower'): void
    {
        echo json_encode(
            ['bench' => $bench, 'method' => $method, 'value' => $value, 'rival' => $rival, 'rival_value' => $rivalValue, 'unit' => $unit, 'better' => $better, 'note' => $note],
            JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR,
        ), "\n";
    }

    /** @param ?string $url default: MESCHAIN_DATABASE_URL */
    public static function database(?string $url = null): mysqli
    {
        mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
        $url = parse_url($url ?? (string) getenv('MESCHAIN_DATABASE_URL'));
        $database = new mysqli($url['host'], $url['user'], $url['pass'], ltrim($url['path'], '/'), $url['port']);
        $database->query("SET time_zone = '+00:00'");
        return $database;
    }
}

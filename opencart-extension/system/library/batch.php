<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * Does one thing to each of some suggestions within what a request may take. Each is whole or not done at all; one that fails stops
 * none of the others. What the time was too short for comes back as `left`, to be asked for again: a request does at least one.
 */
final class Batch
{
    /** A request may take 30 where nobody has set more. */
    private const SECONDS = 8.0;

    /** From here on each of the others would fail for the same reason. */
    private const ENDS = ['database_down', 'database_denied', 'database_timeout', 'schema', 'not_configured'];

    /**
     * @param list<int> $ids
     * @param callable(int): array $step gives the suggestion as it ended, by `status` and `error`
     * @param callable(\Throwable, int): array{code: string, message: string} $refused what is said of an exception about one of them
     * @return array{results: list<array>, left: list<int>, stopped: ?string} stopped: why nothing more was tried
     */
    public static function run(array $ids, callable $step, callable $refused, float $seconds = self::SECONDS): array
    {
        $until = hrtime(true) + (int)($seconds * 1e9);
        $results = [];
        foreach ($ids as $at => $id) {
            if ($at > 0 && hrtime(true) > $until) {
                return ['results' => $results, 'left' => array_slice($ids, $at), 'stopped' => null];
            }
            try {
                $ended = $step($id);
                $results[] = ['suggestion_id' => $id, 'status' => $ended['status'], 'error' => $ended['error'] ?? null];
            } catch (\Throwable $error) {
                $why = $refused($error, $id);
                if (in_array($why['code'], self::ENDS, true)) {
                    return ['results' => $results, 'left' => array_slice($ids, $at), 'stopped' => $why['message']];
                }
                $results[] = ['suggestion_id' => $id, 'status' => 'refused'] + $why;
            }
        }

        return ['results' => $results, 'left' => [], 'stopped' => null];
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Input, Native, Option, Signals, UsageError};
use MesChain\Exception;
use MesChain\{Shop, Task};

final class Worker extends Command
{
    /** A round takes jobs for so long before the worker looks for signals that it must not miss while it is idle. */
    private const ROUND_SECONDS = 5.0;
    private const MOST_BACKOFF_SECONDS = 30;

    public function summary(): string
    {
        return 'take jobs (training, refreshing) until told to stop';
    }

    public function synopsis(): string
    {
        return '[--once | --seconds N]';
    }

    public function options(): array
    {
        return [
            'once' => Option::flag('end when no job is due'),
            'seconds' => Option::value('N', 'end after so many seconds; a job that runs then is finished first'),
        ];
    }

    public function details(): string
    {
        return 'The first SIGTERM or Ctrl-C lets the job that runs finish, the second cancels it. Any number of workers may run, on any
number of machines. While the database is away the worker waits and tries again.';
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $seconds = $input->number('seconds');
        if ($input->flag('once') && $seconds !== null) {
            throw new UsageError('Either --once or --seconds.');
        }
        Signals::install();
        $shop = $native->shop();
        $total = $input->flag('once')
            ? $this->finish($shop->work(['once' => true]))
            : $this->loop($shop, $console, $seconds === null ? INF : microtime(true) + $seconds);
        $console->json && $console->json($total);
        $console->line("{$total['done']} jobs done, {$total['failed']} failed.");
        return ExitCode::OK;
    }

    /** @return array{done: int, failed: int} */
    private function loop(Shop $shop, Console $console, float $end): array
    {
        $total = ['done' => 0, 'failed' => 0];
        $console->note('Waiting for jobs; Ctrl-C stops.');
        $backoff = 1;
        while (Signals::count() === 0 && ($left = $end - microtime(true)) > 0) {
            try {
                $result = $this->finish($shop->work(['seconds' => min(self::ROUND_SECONDS, $left)]));
                $total = ['done' => $total['done'] + $result['done'], 'failed' => $total['failed'] + $result['failed']];
                $this->tell($console, $result);
                $backoff = 1;
            } catch (Exception\UnreachableException | Exception\TimeoutException | Exception\ContentionException $error) {
                $console->note(gmdate('c ') . $error->getMessage() . " Trying again in $backoff s.");
                $this->pause(min($backoff, $left));
                $backoff = min($backoff * 2, self::MOST_BACKOFF_SECONDS);
            }
        }
        return $total;
    }

    /** @return array{done: int, failed: int} */
    private function finish(Task $task): array
    {
        while (!$task->wait(0.2)) {
            if (Signals::count() > 1) {
                $task->cancel();
            }
        }
        return $task->result();
    }

    /** @param array{done: int, failed: int} $result */
    private function tell(Console $console, array $result): void
    {
        if ($result['done'] + $result['failed'] > 0) {
            $console->note(gmdate('c ') . "{$result['done']} done, {$result['failed']} failed");
        }
    }

    private function pause(float $seconds): void
    {
        $end = microtime(true) + $seconds;
        while (Signals::count() === 0 && microtime(true) < $end) {
            usleep(100_000);
        }
    }
}

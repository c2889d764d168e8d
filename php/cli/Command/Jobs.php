<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, Input, Native, Option, UsageError};

final class Jobs extends Command
{
    public function summary(): string
    {
        return 'the queue: list, show, add, cancel, retry';
    }

    public function synopsis(): string
    {
        return '[show ID | cancel ID | retry ID | add KIND] [--status NAME] [--kind NAME] [--limit N]';
    }

    public function options(): array
    {
        return [
            'status' => Option::value('NAME', 'queued, running, done, failed, cancelled or dead'),
            'kind' => Option::value('NAME', 'train, refresh, suggest, optimise_prices, drift or forecast'),
            'limit' => Option::value('N', 'at most so many'),
            'payload' => Option::value('JSON', 'for `add`: what the job is given'),
        ];
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(2);
        $shop = $native->shop();
        return match ($input->argument(0)) {
            null, 'list' => $this->list($shop->jobs($input->only('status', 'kind', 'limit')), $console),
            'show' => $this->show($shop->job($this->id($input)), $console),
            'cancel' => $this->told($shop->cancelJob($this->id($input)), 'cancelled', 'It is over already.', $console),
            'retry' => $this->told($shop->retryJob($this->id($input)), 'queued again', 'Only a failed, dead or cancelled job can be retried.', $console),
            'add' => $this->add($input, $console, $native),
            default => throw new UsageError("jobs: \"{$input->argument(0)}\" is none of list, show, cancel, retry, add."),
        };
    }

    private function id(Input $input): int
    {
        $id = $input->argument(1) ?? throw new UsageError("jobs {$input->argument(0)} needs a job's number.");
        return ctype_digit($id) ? (int) $id : throw new UsageError("A job's number is a whole number, given \"$id\".");
    }

    private function list(array $jobs, Console $console): int
    {
        $console->json && $console->json($jobs);
        $console->table(
            ['>id', 'kind', 'status', 'stage', '>done', '>attempts', 'created', 'error'],
            array_map(fn ($job) => [
                (string) $job['job_id'], $job['kind'], $job['status'], $job['stage'],
                $job['total'] > 0 ? "{$job['done']}/{$job['total']}" : '', (string) $job['attempts'], $job['created_at'], $job['error'] ?? '',
            ], $jobs),
        );
        return ExitCode::OK;
    }

    private function show(array $job, Console $console): int
    {
        $console->json && $console->json($job);
        foreach ($job as $name => $value) {
            $console->line(sprintf('%-12s %s', $name, is_array($value) ? json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) : $value ?? '–'));
        }
        return ExitCode::OK;
    }

    private function told(bool $done, string $yes, string $no, Console $console): int
    {
        $console->json && $console->json(['ok' => $done]);
        $console->line($done ? ucfirst($yes) . '.' : $no);
        return $done ? ExitCode::OK : ExitCode::FAILURE;
    }

    private function add(Input $input, Console $console, Native $native): int
    {
        $kind = $input->argument(1) ?? throw new UsageError('jobs add needs a kind: train, refresh, suggest, optimise_prices or drift.');
        $payload = json_decode($input->text('payload') ?? '{}', true);
        is_array($payload) || throw new UsageError('--payload is not a JSON object.');
        $id = $native->shop()->enqueue($kind, $payload);
        $console->json && $console->json(['job_id' => $id]);
        $console->line("Queued as job $id.");
        return ExitCode::OK;
    }
}

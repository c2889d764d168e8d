<?php

declare(strict_types=1);

namespace MesChain\Cli;

use MesChain\Task;

/** Waits for a native task: a bar on a terminal, one line a stage elsewhere, nothing with --json or --quiet. Ctrl-C cancels it. */
final class Work
{
    private const POLL_SECONDS = 0.1;
    private const BAR = 24;

    private float $started;
    private string $stage = '';
    private float $stageStarted;

    public function __construct(private Console $console, private Task $task)
    {
        $this->started = $this->stageStarted = microtime(true);
    }

    /** @return array<string, mixed> what the task gives; throws what it failed with */
    public function finish(): array
    {
        Signals::install();
        $before = Signals::count();
        $cancelled = false;
        while (!$this->task->wait(self::POLL_SECONDS)) {
            $this->show();
            $signals = Signals::count() - $before;
            if ($signals > 0 && !$cancelled) {
                $cancelled = true;
                $this->task->cancel();
                $this->console->note('Cancelling; once more to leave at once.');
            } elseif ($signals > 1) {
                exit(ExitCode::INTERRUPTED);
            }
        }
        $this->clear();
        return $this->task->result();
    }

    public function seconds(): float
    {
        return microtime(true) - $this->started;
    }

    private function show(): void
    {
        if (!$this->console->showsProgress()) {
            return;
        }
        $progress = $this->task->progress();
        $changed = $progress['stage'] !== $this->stage;
        if ($changed) {
            $this->stage = $progress['stage'];
            $this->stageStarted = microtime(true);
        }
        if ($this->console->isTerminal()) {
            $this->console->status($this->bar($progress));
        } elseif ($changed && $this->stage !== '') {
            $this->console->note("{$this->stage} ...");
        }
    }

    /** @param array{stage: string, done: int, total: int} $progress */
    private function bar(array $progress): string
    {
        ['stage' => $stage, 'done' => $done, 'total' => $total] = $progress;
        if ($total <= 0) {
            return sprintf('%s  %s  %s', $stage, $done > 0 ? Format::count($done) : '', Format::duration($this->seconds()));
        }
        $share = min(1.0, $done / $total);
        $filled = (int) round($share * self::BAR);
        $spent = microtime(true) - $this->stageStarted;
        $left = $share > 0.02 ? '  ' . Format::duration($spent / $share - $spent) . ' left' : '';
        $bar = str_repeat('#', $filled) . str_repeat('.', self::BAR - $filled);
        return sprintf('%-14s [%s] %3d %%  %s/%s%s', $stage, $bar, $share * 100, Format::count($done), Format::count($total), $left);
    }

    private function clear(): void
    {
        if ($this->console->showsProgress() && $this->console->isTerminal()) {
            $this->console->status('');
        }
    }
}

<?php

namespace MesChain;

/**
 * Long work on a native thread. PHP asks how far it is; the thread never calls back into PHP.
 *
 * A task belongs to the process that started it: after pcntl_fork() the child's copy throws. A task that is no longer
 * held is cancelled and given ten seconds to stop.
 *
 * @example
 *   $task = (new MesChain\AI())->train();
 *   while (!$task->wait(0.2)) {
 *       printf("%s %d/%d\n", ...array_values($task->progress()));
 *   }
 *   $report = $task->result();
 */
final class Task
{
    /** Made by the methods that start work; not by `new`. */
    private function __construct() {}

    /** Whether the work still goes on. */
    public function running(): bool {}

    /**
     * Waits up to $seconds (0 to 86400).
     *
     * @return bool true when the work has finished
     * @throws Exception\ArgumentException
     */
    public function wait(float $seconds): bool {}

    /** @return array{stage: string, done: int, total: int} total is 0 while it is not known */
    public function progress(): array {}

    /** Asks the work to stop; it does at its next safe point and leaves nothing half done. */
    public function cancel(): void {}

    /**
     * Waits for the end.
     *
     * @return array what the work returned
     * @throws Exception\MesChainException what the work failed with; CancelledException when it was cancelled
     */
    public function result(): array {}
}

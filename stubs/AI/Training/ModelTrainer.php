<?php

namespace MesChain\AI\Training;

/** Trains the models and says how trainings ended (docs/ai-operations.md). */
class ModelTrainer
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /** @return \MesChain\Task as MesChain\AI::train() */
    public function train(array $options = []): \MesChain\Task {}

    /**
     * Trains with the choices of the last full training, where there is one that serves and is young enough: train() with `update`.
     *
     * @param array{models?: list<string>, seed?: int, force?: bool} $options
     * @return \MesChain\Task as MesChain\AI::train()
     */
    public function update(array $options = []): \MesChain\Task {}

    /**
     * Stops a training in the queue (a job `train` of MesChain\Shop::enqueue()): a waiting one at once, one at work at its worker's next
     * heartbeat (five seconds at most) and safe point. Models it finished before serve on. False when it has ended already.
     *
     * @throws \MesChain\Exception\NotFoundException there is no such training
     */
    public function cancel(int $jobId): bool {}

    /**
     * Puts a cancelled training, or one that was given up, back into the queue; models that it finished within the last seven days are not
     * trained again. False when it is neither.
     *
     * @throws \MesChain\Exception\NotFoundException there is no such training
     */
    public function resume(int $jobId): bool {}

    /** @return list<array> as MesChain\AI::runs() */
    public function runs(array $filter = []): array {}

    /** @return array as MesChain\AI::schedule() */
    public function schedule(): array {}
}

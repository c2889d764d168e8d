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

    /** @return list<array> as MesChain\AI::runs() */
    public function runs(array $filter = []): array {}

    /** @return array as MesChain\AI::schedule() */
    public function schedule(): array {}
}

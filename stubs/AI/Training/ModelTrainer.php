<?php

namespace MesChain\AI\Training;

/** Trains the models and says how trainings ended (docs/ai-operations.md). */
class ModelTrainer
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /** @return \MesChain\Task as MesChain\AI::train() */
    public function train(array $options = []): \MesChain\Task {}

    /** @return list<array> as MesChain\AI::runs() */
    public function runs(array $filter = []): array {}

    /** @return array as MesChain\AI::schedule() */
    public function schedule(): array {}
}

<?php

namespace MesChain\AI\Inference;

/** From raw answers to what is shown. */
class ResultProcessor
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * The answers that are sure enough, the surest first, each with `suggested`. One without `confidence` stays.
     *
     * @param list<array> $answers at most 1,000
     * @param array{confidence_threshold?: float, limit?: int} $options what the shop has set unless given
     * @return list<array>
     * @throws \MesChain\Exception\ArgumentException
     */
    public function process(array $answers, array $options = []): array {}
}

<?php

namespace MesChain\AI\Training;

/** What a model goes by. */
class FeatureExtractor
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * What the model sees of one product: words and their weights (categorization), price and elasticity (pricing), history, season and
     * demand class (forecasting), neighbours (recommendation).
     *
     * @param string $type categorization, pricing, forecasting or recommendation
     * @return array{available: bool, reason?: string}
     * @throws \MesChain\Exception\NotFoundException|\MesChain\Exception\ArgumentException
     */
    public function extract(string $type, int $productId): array {}

    /** @return array as MesChain\AI::importance() */
    public function importance(string $type): array {}
}

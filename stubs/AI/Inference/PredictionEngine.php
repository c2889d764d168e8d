<?php

namespace MesChain\AI\Inference;

/** One shape for all four questions about a product of the catalogue. */
class PredictionEngine
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * @param string $type categorization, pricing, forecasting or recommendation
     * @return array{type: string, product_id: int, version: ?string, result: array} version of the model that answered, null without
     *   one; result as that model's own calls give it
     * @throws \MesChain\Exception\NotFoundException|\MesChain\Exception\ArgumentException
     */
    public function predict(string $type, int $productId): array {}

    /**
     * @param list<int> $productIds at most 1,000
     * @return list<array> as predict(), in the same order
     */
    public function predictBatch(string $type, array $productIds): array {}
}

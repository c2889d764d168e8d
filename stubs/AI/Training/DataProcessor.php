<?php

namespace MesChain\AI\Training;

/** What a model can trust of the shop, and what it leaves out and why. The cleaning itself is part of each training. */
class DataProcessor
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * @param string $type categorization, pricing, forecasting or recommendation
     * @return array as MesChain\AI::quality()
     */
    public function quality(string $type): array {}
}

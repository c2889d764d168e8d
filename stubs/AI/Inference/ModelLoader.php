<?php

namespace MesChain\AI\Inference;

/** Which versions there are and which serve. Models are mapped at first use and follow what is published, without a restart. */
class ModelLoader
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /** @return list<array> as MesChain\AI::models() */
    public function serving(): array {}

    /** @return list<array> as MesChain\AI::versions(): every file is read and checked */
    public function versions(string $type): array {}

    /** @return array as MesChain\AI::rollBack() */
    public function rollBack(string $type, string $version, array $by = []): array {}
}

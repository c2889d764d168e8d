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

    /**
     * Whether the model that serves is sound: each of its files is read through (checksum), then the model is opened (kind, format,
     * shapes). `['available' => false, 'reason' => 'not_trained']` where there is none.
     *
     * @return array{available?: bool, reason?: string, type?: string, version?: string, good?: bool, error?: ?string,
     *   files?: list<array{file: string, bytes: int, good: bool, error: ?string}>}
     */
    public function check(string $type): array {}

    /** @return array as MesChain\AI::rollBack() */
    public function rollBack(string $type, string $version, array $by = []): array {}
}

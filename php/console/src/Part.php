<?php

namespace MesChainConsole;

/** What controllers and models have in common: every service of the registry reads like a property. */
abstract class Part
{
    public function __construct(protected Registry $registry)
    {
    }

    public function __get(string $key): object
    {
        return $this->registry->get($key) ?? throw new \LogicException("There is no service named $key in the console.");
    }
}

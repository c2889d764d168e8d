<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** One option of a command: its help, and for one that takes a value, what the value is called there. */
final class Option
{
    private function __construct(
        public readonly string $help,
        public readonly ?string $value,
        public readonly bool $repeats,
    ) {
    }

    public static function flag(string $help): self
    {
        return new self($help, null, false);
    }

    public static function value(string $value, string $help): self
    {
        return new self($help, $value, false);
    }

    public static function repeated(string $value, string $help): self
    {
        return new self($help, $value, true);
    }

    public function takesValue(): bool
    {
        return $this->value !== null;
    }
}

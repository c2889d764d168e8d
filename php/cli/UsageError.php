<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** The command was not called as its help says. */
final class UsageError extends \InvalidArgumentException
{
}

<?php

declare(strict_types=1);

namespace MesChain\Cli;

use MesChain\Exception;

/** What the shell is told. Part of the contract: scripts and systemd units rely on these numbers. */
final class ExitCode
{
    public const OK = 0;
    public const FAILURE = 1;
    public const USAGE = 2;
    public const EXTENSION_MISSING = 3;
    public const DATABASE_UNREACHABLE = 4;
    public const NOT_CONFIGURED = 5;
    public const INTERRUPTED = 130;

    public static function of(\Throwable $error): int
    {
        return match (true) {
            $error instanceof UsageError, $error instanceof Exception\ArgumentException => self::USAGE,
            $error instanceof ExtensionMissing => self::EXTENSION_MISSING,
            $error instanceof Exception\UnreachableException,
            $error instanceof Exception\DeniedException => self::DATABASE_UNREACHABLE,
            $error instanceof Exception\SettingException => self::NOT_CONFIGURED,
            $error instanceof Exception\CancelledException => self::INTERRUPTED,
            default => self::FAILURE,
        };
    }
}

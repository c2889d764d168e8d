<?php

namespace Opencart\System\Library\Extension\Meschain;

/** A request that a page turns down itself. The message is a code with a sentence in the language files. */
final class Refusal extends \RuntimeException
{
    public static function permission(): self
    {
        return new self('permission', 403);
    }

    public static function method(): self
    {
        return new self('method', 405);
    }

    public static function missing(): self
    {
        return new self('not_found', 404);
    }

    /** Somebody else has decided it. */
    public static function decided(): self
    {
        return new self('decided', 409);
    }

    public static function loss(): self
    {
        return new self('would_lose', 409);
    }

    public static function extension(): self
    {
        return new self('extension', 503);
    }
}

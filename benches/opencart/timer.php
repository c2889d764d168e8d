<?php

namespace Opencart\Catalog\Controller\Bench;

/** Copied into the shop that is measured: says in a header what each module, drawn inside a real page, took in nanoseconds. */
class Timer extends \Opencart\System\Engine\Controller
{
    /** @var array<string, int> 4.0 makes a new controller a call */
    private static array $since = [];

    public function before(string &$route): void
    {
        self::$since[$route] = hrtime(true);
    }

    public function after(string &$route): void
    {
        $took = hrtime(true) - self::$since[$route];
        header("X-Bench: $route $took", false);
    }
}

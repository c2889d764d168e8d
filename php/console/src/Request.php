<?php

namespace MesChainConsole;

/** The request as OpenCart hands it to controllers: every text has been through htmlspecialchars and trim. */
final class Request
{
    public array $get;
    public array $post;
    public array $cookie;
    public array $server;
    public array $files = [];

    public function __construct()
    {
        $this->get = self::clean($_GET);
        $this->post = self::clean($_POST);
        $this->cookie = self::clean($_COOKIE);
        $this->server = self::clean($_SERVER);
    }

    private static function clean(array $values): array
    {
        $clean = [];
        foreach ($values as $key => $value) {
            $name = is_string($key) ? htmlspecialchars($key, ENT_COMPAT, 'UTF-8') : $key;
            $clean[$name] = is_array($value) ? self::clean($value) : trim(htmlspecialchars((string)$value, ENT_COMPAT, 'UTF-8'));
        }

        return $clean;
    }
}

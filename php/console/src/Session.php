<?php

namespace MesChainConsole;

/** PHP's session in the console's own folder, with a strict cookie. close() lets other requests of the visitor in. */
final class Session
{
    public const NAME = 'meschain_console';
    private const HOURS = 12;

    /** @var array<string,mixed> */
    public array $data = [];

    public function __construct(string $folder, bool $secure)
    {
        session_name(self::NAME);
        session_start([
            'save_path'        => $folder . '/sessions',
            'use_strict_mode'  => true,
            'use_only_cookies' => true,
            'cookie_httponly'  => true,
            'cookie_samesite'  => 'Strict',
            'cookie_secure'    => $secure,
            'gc_maxlifetime'   => self::HOURS * 3600,
            'gc_probability'   => 1,
            'gc_divisor'       => 100,
            'cache_limiter'    => '',
        ]);
        $this->data = &$_SESSION;
        if (($this->data['since'] ?? time()) < time() - self::HOURS * 3600) {
            $this->data = [];
        }
        $this->data['since'] ??= time();
    }

    public function signIn(string $user, string $epoch): void
    {
        session_regenerate_id(true);
        $language = $this->data['language'] ?? null;
        $_SESSION = array_filter(['language' => $language]) + [
            'user' => $user, 'epoch' => $epoch, 'since' => time(), 'user_token' => bin2hex(random_bytes(16)),
        ];
        $this->data = &$_SESSION;
    }

    public function signOut(): void
    {
        $_SESSION = array_filter(['language' => $this->data['language'] ?? null]);
        session_regenerate_id(true);
        $this->data = &$_SESSION;
    }

    /** A token for forms that are sent before anyone is signed in. */
    public function formToken(): string
    {
        return $this->data['form_token'] ??= bin2hex(random_bytes(16));
    }

    public function close(): void
    {
        $kept = $_SESSION;
        session_write_close();
        $this->data = $kept;
    }
}

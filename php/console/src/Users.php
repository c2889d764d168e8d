<?php

namespace MesChainConsole;

/**
 * The console's users: `admin`, who may do everything, and if wanted `viewer`, who sees the sales report alone and
 * changes nothing. Only hashes are kept.
 */
final class Users
{
    private const VIEWER = ['access' => ['extension/meschain/reporting/dashboard'], 'modify' => []];

    /** What the console has; an OpenCart-only page (its orders, its extension list) is nobody's here. */
    private const ADMIN = [
        'extension/meschain/module/meschain', 'extension/meschain/reporting/dashboard', 'extension/meschain/ai/dashboard',
        'extension/meschain/ai/suggestions', 'extension/meschain/ai/models', 'extension/meschain/ai/training',
        'extension/meschain/ai/analytics', 'extension/meschain/ai/product', 'extension/meschain/performance/monitor',
    ];

    private JsonFile $file;

    public function __construct(string $folder)
    {
        $this->file = new JsonFile($folder . '/users.json');
    }

    public static function names(): array
    {
        return ['admin', 'viewer'];
    }

    public function exists(string $name): bool
    {
        return isset($this->file->read()[$name]);
    }

    public function setPassword(string $name, string $password): void
    {
        if (!in_array($name, self::names(), true)) {
            throw new \InvalidArgumentException('The console knows these users: ' . implode(', ', self::names()) . '.');
        }
        if (strlen($password) < 8) {
            throw new \InvalidArgumentException('A password needs at least 8 characters.');
        }
        $this->file->change(static function (array $users) use ($name, $password): array {
            $users[$name] = ['hash' => password_hash($password, PASSWORD_DEFAULT), 'epoch' => bin2hex(random_bytes(8))];

            return $users;
        });
    }

    /** A starter may hand over passwords through the environment; they then hold instead of those made before. */
    public function adopt(): void
    {
        foreach (['admin' => 'MESCHAIN_CONSOLE_PASSWORD', 'viewer' => 'MESCHAIN_CONSOLE_VIEWER_PASSWORD'] as $name => $variable) {
            $password = (string)getenv($variable);
            if ($password !== '' && !$this->verify($name, $password)) {
                $this->setPassword($name, $password);
            }
        }
    }

    /** A hash is always compared, so that an unknown name takes as long as a wrong password. */
    public function verify(string $name, string $password): bool
    {
        $known = $this->file->read()[$name]['hash'] ?? null;
        $hash = $known ?? '$2y$10$87zFS3BTNi7XMi97LcBUV.pM/ZatI5NdoFyQh6lyP9OayGfgPfZMS';

        return password_verify($password, $hash) && $known !== null;
    }

    /** Changes with the password, so that older sessions end. */
    public function epoch(string $name): string
    {
        return $this->file->read()[$name]['epoch'] ?? '';
    }

    public function may(string $name, string $kind, string $route): bool
    {
        return $name === 'admin'
            ? in_array($route, self::ADMIN, true)
            : $name === 'viewer' && in_array($route, self::VIEWER[$kind] ?? [], true);
    }
}

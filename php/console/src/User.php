<?php

namespace MesChainConsole;

/** Who asks. The methods are those of OpenCart's user that extensions call. */
final class User
{
    private string $name = '';

    public function __construct(private Users $users, Session $session)
    {
        $name = $session->data['user'] ?? '';
        if (is_string($name) && $name !== '' && $users->exists($name) && ($session->data['epoch'] ?? '') === $users->epoch($name)) {
            $this->name = $name;
        }
    }

    public function isLogged(): bool
    {
        return $this->name !== '';
    }

    public function getUserName(): string
    {
        return $this->name;
    }

    public function getId(): int
    {
        return $this->name === '' ? 0 : 1 + (int)array_search($this->name, Users::names(), true);
    }

    public function getGroupId(): int
    {
        return $this->getId();
    }

    public function hasPermission(string $key, string $value): bool
    {
        return $this->users->may($this->name, $key, $value);
    }
}

<?php

namespace MesChainConsole;

/** A small JSON file that several PHP workers share: read whole, changed under a lock, replaced at once, mode 0600. */
final class JsonFile
{
    public function __construct(private string $path)
    {
    }

    public function read(): array
    {
        if (!is_file($this->path)) {
            return [];
        }
        $data = json_decode((string)file_get_contents($this->path), true);

        return is_array($data) ? $data : [];
    }

    /** @param callable(array):array $change is given what is there and returns what shall be there */
    public function change(callable $change): array
    {
        $mask = umask(0077);
        try {
            $lock = fopen($this->path . '.lock', 'c');
            if ($lock === false || !flock($lock, LOCK_EX)) {
                throw new \RuntimeException('The file ' . basename($this->path) . ' cannot be locked.');
            }
            $data = $change($this->read());
            $next = $this->path . '.' . bin2hex(random_bytes(4));
            if (file_put_contents($next, json_encode($data, JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT)) === false || !rename($next, $this->path)) {
                throw new \RuntimeException('The file ' . basename($this->path) . ' cannot be written.');
            }
            fclose($lock);

            return $data;
        } finally {
            umask($mask);
        }
    }
}

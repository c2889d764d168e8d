<?php

namespace MesChainConsole;

/** Slows down guessing: after some wrong passwords a name, an address, and all together have to wait. */
final class Attempts
{
    private const WINDOW_SECONDS = 300;
    private const PER_NAME = 8;
    private const PER_ADDRESS = 40;
    private const TOGETHER = 200;

    private JsonFile $file;

    public function __construct(string $folder)
    {
        $this->file = new JsonFile($folder . '/attempts.json');
    }

    public function allowed(string $address, string $name, int $now): bool
    {
        $recent = $this->recent($this->file->read(), $now);
        $count = static fn (int $place, string $value): int => count(array_filter($recent, static fn (array $entry): bool => $entry[$place] === $value));

        return $count(2, self::key($name)) < self::PER_NAME && $count(1, $address) < self::PER_ADDRESS && count($recent) < self::TOGETHER;
    }

    public function failed(string $address, string $name, int $now): void
    {
        $this->file->change(fn (array $all): array => array_slice([...$this->recent($all, $now), [$now, $address, self::key($name)]], -self::TOGETHER));
    }

    /** A visitor may type a password into the name's field; names are kept as hashes. */
    private static function key(string $name): string
    {
        return substr(hash('sha256', $name), 0, 16);
    }

    private function recent(array $all, int $now): array
    {
        return array_values(array_filter($all, static fn (array $entry): bool => $entry[0] > $now - self::WINDOW_SECONDS));
    }
}

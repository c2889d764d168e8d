<?php

namespace MesChainConsole;

/** Slows down guessing: after some wrong passwords an address, and all addresses together, have to wait. */
final class Attempts
{
    private const WINDOW_SECONDS = 300;
    private const PER_ADDRESS = 8;
    private const TOGETHER = 50;

    private JsonFile $file;

    public function __construct(string $folder)
    {
        $this->file = new JsonFile($folder . '/attempts.json');
    }

    public function allowed(string $address, int $now): bool
    {
        $recent = $this->recent($this->file->read(), $now);
        $own = array_filter($recent, static fn (array $entry): bool => $entry[1] === $address);

        return count($own) < self::PER_ADDRESS && count($recent) < self::TOGETHER;
    }

    public function failed(string $address, int $now): void
    {
        $this->file->change(fn (array $all): array => array_slice([...$this->recent($all, $now), [$now, $address]], -2 * self::TOGETHER));
    }

    public function succeeded(string $address): void
    {
        $this->file->change(static fn (array $all): array => array_values(
            array_filter($all, static fn (array $entry): bool => $entry[1] !== $address)
        ));
    }

    private function recent(array $all, int $now): array
    {
        return array_values(array_filter($all, static fn (array $entry): bool => $entry[0] > $now - self::WINDOW_SECONDS));
    }
}

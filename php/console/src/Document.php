<?php

namespace MesChainConsole;

/** What a page asks the header to carry. */
final class Document
{
    private string $title = '';
    private array $styles = [];
    private array $scripts = [];

    public function setTitle(string $title): void
    {
        $this->title = $title;
    }

    public function getTitle(): string
    {
        return $this->title;
    }

    public function addStyle(string $href, string $rel = 'stylesheet', string $media = 'screen'): void
    {
        $this->styles[$href] = ['href' => $href, 'rel' => $rel, 'media' => $media];
    }

    public function getStyles(): array
    {
        return $this->styles;
    }

    public function addScript(string $href, string $position = 'header'): void
    {
        $this->scripts[$position][$href] = ['href' => $href];
    }

    public function getScripts(string $position = 'header'): array
    {
        return $this->scripts[$position] ?? [];
    }
}

<?php

namespace MesChainConsole;

/** Headers and body are gathered and sent once, at the end. */
final class Response
{
    /** @var list<string> */
    private array $headers = [];
    private string $output = '';

    public function addHeader(string $header): void
    {
        $this->headers[] = $header;
    }

    public function redirect(string $url, int $status = 302): void
    {
        http_response_code($status);
        $this->headers[] = 'Location: ' . str_replace(['&amp;', "\r", "\n"], ['&', '', ''], $url);
        $this->output = '';
    }

    public function setOutput(string $output): void
    {
        $this->output = $output;
    }

    public function getOutput(): string
    {
        return $this->output;
    }

    public function output(): void
    {
        foreach ($this->headers as $header) {
            header($header);
        }
        echo $this->output;
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** What a command says: results on standard output, progress and errors on standard error. */
final class Console
{
    private const STYLES = ['bold' => '1', 'dim' => '2', 'red' => '31', 'green' => '32', 'yellow' => '33'];

    private bool $colour;

    /**
     * @param resource $out
     * @param resource $error
     */
    public function __construct(
        public readonly bool $json,
        public readonly bool $quiet,
        bool $colour,
        private $out = STDOUT,
        private $error = STDERR,
    ) {
        $this->colour = $colour && !$json && getenv('NO_COLOR') === false && getenv('TERM') !== 'dumb' && stream_isatty($out);
    }

    public function line(string $text = ''): void
    {
        $this->json || $this->write($this->out, "$text\n");
    }

    /** Text that goes out as it is, also with --json: a CSV file, say. */
    public function raw(string $text): void
    {
        $this->write($this->out, $text);
    }

    public function title(string $text): void
    {
        $this->line($this->style($text, 'bold'));
    }

    /** A remark that is no result. */
    public function note(string $text): void
    {
        $this->json || $this->quiet || $this->write($this->error, "$text\n");
    }

    public function error(string $text): void
    {
        $this->write($this->error, "$text\n");
    }

    /**
     * @param list<string> $headers see Table
     * @param list<list<string>> $rows
     */
    public function table(array $headers, array $rows): void
    {
        foreach (Table::lines($headers, $rows) as $number => $line) {
            $this->line($number === 0 ? $this->style($line, 'dim') : $line);
        }
    }

    public function style(string $text, string $style): string
    {
        return $this->colour ? "\e[" . self::STYLES[$style] . "m$text\e[0m" : $text;
    }

    public function json(mixed $data): void
    {
        $flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION
            | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;
        $this->write($this->out, json_encode($data, $flags) . "\n");
    }

    public function showsProgress(): bool
    {
        return !$this->json && !$this->quiet;
    }

    public function isTerminal(): bool
    {
        return stream_isatty($this->error) && getenv('TERM') !== 'dumb';
    }

    /** Rewrites the last line of standard error; an empty text wipes it. */
    public function status(string $text): void
    {
        $this->write($this->error, "\r\e[2K$text");
    }

    /** @param resource $stream */
    private function write($stream, string $text): void
    {
        // A reader that has gone away (`| head`) is no failure of ours.
        @fwrite($stream, $text);
    }
}

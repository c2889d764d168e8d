<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** The words after a command, split into options and arguments by what the command says it takes. */
final class Input
{
    /** @var array<string, string|bool|list<string>> */
    private array $options = [];

    /** @var list<string> */
    private array $arguments = [];

    /**
     * @param list<string> $words
     * @param array<string, Option> $known by name without dashes
     */
    public function __construct(array $words, private array $known)
    {
        $onlyArguments = false;
        while ($words) {
            $word = array_shift($words);
            if ($onlyArguments || $word === '-' || !str_starts_with($word, '-')) {
                $this->arguments[] = $word;
            } elseif ($word === '--') {
                $onlyArguments = true;
            } else {
                $words = $this->option($word, $words);
            }
        }
    }

    /**
     * @param list<string> $rest
     * @return list<string> what is left of it
     */
    private function option(string $word, array $rest): array
    {
        [$name, $value] = explode('=', ltrim($word, '-'), 2) + [1 => null];
        $name = ['h' => 'help', 'q' => 'quiet', 'V' => 'version'][$name] ?? $name;
        $option = $this->known[$name] ?? throw new UsageError("Unknown option --$name." . self::hint($name, array_keys($this->known)));
        if (!$option->takesValue()) {
            $value === null || throw new UsageError("--$name takes no value.");
            $this->options[$name] = true;
            return $rest;
        }
        if ($value === null) {
            $rest || throw new UsageError("--$name needs a value: {$option->value}.");
            $value = array_shift($rest);
        }
        if ($option->repeats) {
            $this->options[$name][] = $value;
        } else {
            $this->options[$name] = $value;
        }
        return $rest;
    }

    public function flag(string $name): bool
    {
        return ($this->options[$name] ?? false) === true;
    }

    public function text(string $name): ?string
    {
        $value = $this->options[$name] ?? null;
        return is_string($value) ? $value : null;
    }

    /** @return list<string> */
    public function all(string $name): array
    {
        return (array) ($this->options[$name] ?? []);
    }

    public function integer(string $name): ?int
    {
        $value = $this->text($name);
        if ($value !== null && !preg_match('/^-?\d{1,18}$/D', $value)) {
            throw new UsageError("--$name needs a whole number, given \"$value\".");
        }
        return $value === null ? null : (int) $value;
    }

    public function number(string $name): ?float
    {
        $value = $this->text($name);
        if ($value !== null && !is_numeric($value)) {
            throw new UsageError("--$name needs a number, given \"$value\".");
        }
        return $value === null ? null : (float) $value;
    }

    /** @return list<string> */
    public function words(string $name): array
    {
        return array_values(array_filter(array_map('trim', explode(',', $this->text($name) ?? ''))));
    }

    public function argument(int $index): ?string
    {
        return $this->arguments[$index] ?? null;
    }

    public function expectArguments(int $most): void
    {
        if (count($this->arguments) > $most) {
            throw new UsageError("Not expected here: \"{$this->arguments[$most]}\".");
        }
    }

    /** Those options among the names that were given, as an array for a native call. */
    public function only(string ...$names): array
    {
        return array_filter(
            array_combine($names, array_map(fn ($name) => $this->options[$name] ?? null, $names)),
            fn ($value) => $value !== null,
        );
    }

    /** @param list<string> $known */
    public static function hint(string $given, array $known): string
    {
        $near = array_filter($known, fn ($name) => levenshtein($given, $name) <= 2);
        return $near ? ' Did you mean ' . implode(' or ', $near) . '?' : '';
    }
}

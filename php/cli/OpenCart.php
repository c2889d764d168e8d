<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** An installed OpenCart, known by its folder. Nothing of it is run: what is needed is read from its files. */
final class OpenCart
{
    public function __construct(private string $folder)
    {
        is_file("$folder/index.php") && is_file("$folder/config.php")
            || throw new UsageError("--opencart needs the folder that holds OpenCart's index.php and config.php, given \"$folder\".");
    }

    public function version(): ?string
    {
        return self::constants("{$this->folder}/index.php")['VERSION'] ?? null;
    }

    /** @return array<string, string> as the extension's settings are called */
    public function settings(): array
    {
        $constants = self::constants("{$this->folder}/config.php");
        isset($constants['DB_DATABASE'])
            || throw new UsageError("{$this->folder}/config.php has no DB_DATABASE: is this OpenCart installed?");
        $url = sprintf(
            'mysql://%s:%s@%s:%d/%s',
            rawurlencode($constants['DB_USERNAME'] ?? ''),
            rawurlencode($constants['DB_PASSWORD'] ?? ''),
            $constants['DB_HOSTNAME'] ?? 'localhost',
            (int) ($constants['DB_PORT'] ?? 0) ?: 3306,
            rawurlencode($constants['DB_DATABASE']),
        );
        return ['database_url' => $url, 'table_prefix' => $constants['DB_PREFIX'] ?? 'oc_'];
    }

    /**
     * The `define('NAME', 'value')` lines of a file with a literal value.
     *
     * @return array<string, string>
     */
    private static function constants(string $file): array
    {
        $found = [];
        $tokens = array_values(array_filter(
            token_get_all((string) file_get_contents($file)),
            fn ($token) => !is_array($token) || !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true),
        ));
        foreach ($tokens as $at => $token) {
            $name = $tokens[$at + 2] ?? null;
            $value = $tokens[$at + 4] ?? null;
            if (($token[1] ?? null) === 'define' && is_array($name) && is_array($value) && ($tokens[$at + 5] ?? null) === ')') {
                $found[self::literal($name[1])] = self::literal($value[1]);
            }
        }
        return $found;
    }

    private static function literal(string $text): string
    {
        return in_array($text[0] ?? '', ["'", '"'], true) ? stripslashes(substr($text, 1, -1)) : $text;
    }
}

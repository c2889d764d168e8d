<?php

namespace Opencart\System\Library\Extension\Meschain;

/** What a page may say about a Throwable: a code with a sentence in the language files, and a detail free of secrets. */
final class Failure
{
    /** Leaves before their bases: the first class that fits names the sentence and the HTTP status. */
    private const KINDS = [
        'MesChain\Exception\NotConfiguredException' => ['not_configured', 500],
        'MesChain\Exception\SettingException'       => ['setting', 500],
        'MesChain\Exception\ArgumentException'      => ['argument', 400],
        'MesChain\Exception\UnreachableException'   => ['database_down', 503],
        'MesChain\Exception\DeniedException'        => ['database_denied', 503],
        'MesChain\Exception\TimeoutException'       => ['database_timeout', 503],
        'MesChain\Exception\SchemaException'        => ['schema', 500],
        'MesChain\Exception\DatabaseException'      => ['database', 500],
        'MesChain\Exception\BackendException'       => ['backend', 503],
        'MesChain\Exception\NotFoundException'      => ['not_found', 404],
        'MesChain\Exception\NotEnoughDataException' => ['not_enough_data', 409],
        'MesChain\Exception\CorruptFileException'   => ['corrupt_file', 500],
        'MesChain\Exception\FileException'          => ['file', 500],
        'MesChain\Exception\LimitException'         => ['limit', 413],
        'MesChain\Exception\BusyException'          => ['busy', 409],
        'MesChain\Exception\CancelledException'     => ['cancelled', 409],
        'MesChain\Exception\UnsupportedException'   => ['unsupported', 501],
        // The console's own; OpenCart without a database draws no page at all.
        'MesChainConsole\NoDatabase'                => ['not_configured', 500],
        'MesChainConsole\DatabaseAway'              => ['database_down', 503],
        'MesChainConsole\NoShop'                    => ['no_shop', 500],
    ];

    private function __construct(public readonly string $code, public readonly int $status, public readonly string $detail)
    {
    }

    public static function of(\Throwable $error): self
    {
        // Twig wraps what a template's call to one of our objects throws.
        if ($error instanceof \Twig\Error\Error && $error->getPrevious() !== null) {
            $error = $error->getPrevious();
        }
        foreach (self::KINDS as $class => [$code, $status]) {
            if ($error instanceof $class) {
                return new self($code, $status, $error->getMessage());
            }
        }
        if ($error instanceof Refusal) {
            return new self($error->getMessage(), $error->getCode(), '');
        }
        // Messages of other exceptions may hold SQL or paths: the log has them, the page does not.
        return new self('internal', 500, $error instanceof \MesChain\Exception\MesChainException ? $error->getMessage() : '');
    }
}

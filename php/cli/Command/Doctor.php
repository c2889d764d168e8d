<?php

declare(strict_types=1);

namespace MesChain\Cli\Command;

use MesChain\Cli\{Command, Console, ExitCode, HostChecks, Input, Native, Remedies};

final class Doctor extends Command
{
    private const STYLES = ['ok' => 'green', 'warning' => 'yellow', 'error' => 'red', 'off' => 'dim'];

    public function summary(): string
    {
        return 'what works on this machine, what does not, and the remedy';
    }

    public function details(): string
    {
        return 'With --opencart DIR it also looks at that shop: its version, and its database with the shop\'s own credentials.
Exit code 1 when something is wrong, 3 when the extension is not loaded.';
    }

    public function runsWithoutExtension(): bool
    {
        return true;
    }

    public function run(Input $input, Console $console, Native $native): int
    {
        $input->expectArguments(0);
        $checks = (new HostChecks($native->openCart()))->all();
        if (extension_loaded('meschain')) {
            $checks = [...$checks, ...array_map(self::inWords(...), $native->shop()->doctor()['checks'])];
        }
        $ok = !in_array('error', array_column($checks, 'status'), true);
        $console->json && $console->json(['ok' => $ok, 'checks' => $checks]);
        foreach ($checks as $check) {
            $mark = $console->style(sprintf('%-8s', $check['status']), self::STYLES[$check['status']]);
            $console->line(rtrim(sprintf('%s %-22s %s', $mark, str_replace('_', ' ', $check['name']), $check['value'])));
            if ($check['remedy'] !== '' && $check['status'] !== 'ok') {
                $console->line(str_repeat(' ', 32) . '-> ' . str_replace("\n", "\n" . str_repeat(' ', 35), $check['remedy']));
            }
        }
        if (!extension_loaded('meschain')) {
            return ExitCode::EXTENSION_MISSING;
        }
        return $ok ? ExitCode::OK : ExitCode::FAILURE;
    }

    private static function inWords(array $check): array
    {
        return ['remedy' => $check['remedy'] === '' ? '' : Remedies::sentence($check['remedy'])] + $check;
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** What the command line can tell about its machine by itself; the extension tells the rest. */
final class HostChecks
{
    /** Versions that the package is tested with. */
    private const OPENCART = ['4.0.2.3', '4.1.0.4'];

    public function __construct(private ?OpenCart $openCart)
    {
    }

    /** @return list<array{name: string, status: string, value: string, remedy: string}> */
    public function all(): array
    {
        return array_values(array_filter([
            $this->php(),
            $this->extension(),
            $this->modules(),
            $this->signals(),
            $this->schedule(),
            $this->openCart === null ? null : $this->shop($this->openCart),
        ]));
    }

    private function php(): array
    {
        $value = PHP_VERSION . ' ' . (PHP_ZTS ? 'ZTS' : 'NTS') . ', ' . PHP_SAPI;
        return PHP_VERSION_ID >= 80100 && PHP_VERSION_ID < 80600
            ? self::check('PHP', 'ok', $value)
            : self::check('PHP', 'warning', $value, 'MesChain is made for PHP 8.1 to 8.5.');
    }

    private function extension(): array
    {
        return extension_loaded('meschain')
            ? self::check('extension', 'ok', 'meschain ' . phpversion('meschain'))
            : self::check('extension', 'error', 'not loaded', ExtensionMissing::here()->getMessage());
    }

    /** What OpenCart needs beside us. */
    private function modules(): array
    {
        $missing = array_filter(['mysqli', 'gd', 'curl', 'openssl', 'zlib', 'zip', 'mbstring', 'intl'], fn ($name) => !extension_loaded($name));
        return $missing
            ? self::check('PHP modules', 'warning', 'missing: ' . implode(', ', $missing), 'OpenCart or the console want them: apt-get install '
                . implode(' ', array_map(fn ($name) => 'php-' . ($name === 'mysqli' ? 'mysql' : $name), $missing)))
            : self::check('PHP modules', 'ok', 'all there');
    }

    private function signals(): array
    {
        return function_exists('pcntl_signal')
            ? self::check('signals', 'ok', 'pcntl')
            : self::check('signals', 'warning', 'no pcntl', 'Without it a worker ends at once on SIGTERM; its job is taken up again later.');
    }

    /** Something has to run the worker: a systemd unit, a crontab, or one that runs right now. */
    private function schedule(): array
    {
        $found = array_filter([
            'a running worker' => $this->workerRuns(),
            'systemd unit' => (bool) glob('/etc/systemd/system/meschain*.service'),
            'crontab' => $this->inCrontab(),
        ]);
        return $found
            ? self::check('worker', 'ok', implode(', ', array_keys($found)))
            : self::check('worker', 'warning', 'nothing runs `meschain worker`', 'Set up the systemd unit or the cron line of docs/install.md.');
    }

    private function workerRuns(): bool
    {
        foreach (glob('/proc/[0-9]*/cmdline') ?: [] as $file) {
            $words = explode("\0", (string) @file_get_contents($file));
            if (in_array('worker', $words, true) && preg_grep('#(^|/)meschain$#', $words)) {
                return true;
            }
        }
        return false;
    }

    private function inCrontab(): bool
    {
        $files = ['/etc/crontab', ...(glob('/etc/cron.d/*') ?: []), ...(glob('/var/spool/cron/crontabs/*') ?: [])];
        foreach ($files as $file) {
            if (is_readable($file) && preg_match('/^[^#]*meschain\b.*\bworker\b/m', (string) file_get_contents($file))) {
                return true;
            }
        }
        return false;
    }

    private function shop(OpenCart $openCart): array
    {
        $version = $openCart->version();
        return match (true) {
            $version === null => self::check('OpenCart', 'error', 'no version found', 'Is this an OpenCart folder? index.php defines no VERSION.'),
            in_array($version, self::OPENCART, true) => self::check('OpenCart', 'ok', $version),
            default => self::check('OpenCart', 'warning', $version, 'Tested with ' . implode(' and ', self::OPENCART) . '.'),
        };
    }

    private static function check(string $name, string $status, string $value, string $remedy = ''): array
    {
        return compact('name', 'status', 'value', 'remedy');
    }
}

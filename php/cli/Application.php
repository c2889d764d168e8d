<?php

declare(strict_types=1);

namespace MesChain\Cli;

use MesChain\Exception\MesChainException;

/** Finds the command, hands it its input, and turns whatever it throws into a message and an exit code. */
final class Application
{
    /** In the order of the help text. */
    private const COMMANDS = [
        'doctor' => Command\Doctor::class,
        'migrate' => Command\Migrate::class,
        'sample' => Command\Sample::class,
        'refresh' => Command\Refresh::class,
        'train' => Command\Train::class,
        'suggest' => Command\Suggest::class,
        'competitors' => Command\Competitors::class,
        'models' => Command\Models::class,
        'quality' => Command\Quality::class,
        'drift' => Command\Drift::class,
        'forecast' => Command\Forecast::class,
        'report' => Command\Report::class,
        'worker' => Command\Worker::class,
        'jobs' => Command\Jobs::class,
        'demo' => Command\Demo::class,
        'help' => Command\Help::class,
    ];

    /** @return array<string, Command> */
    public static function commands(): array
    {
        return array_map(fn ($class) => new $class(), self::COMMANDS);
    }

    /** @return array<string, Option> */
    public static function globalOptions(): array
    {
        return [
            'json' => Option::flag('print one JSON document instead of text'),
            'set' => Option::repeated('NAME=VALUE', 'a setting over the INI\'s, such as data_dir=/var/lib/meschain; may be repeated'),
            'opencart' => Option::value('DIR', 'take database and table prefix from this shop\'s config.php'),
            'quiet' => Option::flag('results only: no progress, no remarks (-q)'),
            'no-color' => Option::flag('no colours, as with NO_COLOR in the environment'),
            'help' => Option::flag('what a command does and takes (-h)'),
            'version' => Option::flag('versions of extension and PHP (-V)'),
        ];
    }

    /** @param list<string> $words */
    public function run(array $words): int
    {
        $json = in_array('--json', $words, true);
        $console = new Console($json, false, false);
        try {
            [$name, $words] = $this->takeCommand($words);
            $command = self::command($name);
            $input = new Input($words, $command->options() + self::globalOptions());
            $console = new Console($json, $input->flag('quiet'), !$input->flag('no-color'));
            return $this->dispatch($name, $command, $input, $console);
        } catch (UsageError $error) {
            return $this->fail($console, $error, rtrim('See: meschain help ' . (isset($command, $name) ? $name : '')));
        } catch (\Throwable $error) {
            return $this->fail($console, $error);
        }
    }

    public static function command(string $name): Command
    {
        $class = self::COMMANDS[$name]
            ?? throw new UsageError("There is no command \"$name\"." . Input::hint($name, array_keys(self::COMMANDS)));
        return new $class();
    }

    private function dispatch(string $name, Command $command, Input $input, Console $console): int
    {
        if ($input->flag('version')) {
            return Command\Help::version($console);
        }
        if ($input->flag('help')) {
            return Command\Help::of($name, $command, $console);
        }
        if (!$command->runsWithoutExtension() && !extension_loaded('meschain')) {
            throw ExtensionMissing::here();
        }
        $openCart = $input->text('opencart');
        $native = new Native($this->settings($input), $openCart === null ? null : new OpenCart(rtrim($openCart, '/')));
        return $command->run($input, $console, $native);
    }

    /**
     * The first word that is neither an option nor an option's value.
     *
     * @param list<string> $words
     * @return array{string, list<string>} the command's name and all other words
     */
    private function takeCommand(array $words): array
    {
        $known = self::globalOptions();
        for ($at = 0; $at < count($words); $at++) {
            if (!str_starts_with($words[$at], '-')) {
                $name = $words[$at];
                array_splice($words, $at, 1);
                return [$name, $words];
            }
            $option = $known[ltrim($words[$at], '-')] ?? null;
            $at += (int) ($option?->takesValue() ?? false);
        }
        return ['help', $words];
    }

    /** @return array<string, string> */
    private function settings(Input $input): array
    {
        $settings = [];
        foreach ($input->all('set') as $pair) {
            [$name, $value] = explode('=', $pair, 2) + [1 => null];
            $value !== null || throw new UsageError("--set needs NAME=VALUE, given \"$name\".");
            $settings[preg_replace('/^meschain\./', '', $name)] = $value;
        }
        return $settings;
    }

    private function fail(Console $console, \Throwable $error, string $hint = ''): int
    {
        $code = ExitCode::of($error);
        if ($console->json) {
            $class = (new \ReflectionClass($error))->getShortName();
            $console->json(['ok' => false, 'error' => ['class' => $class, 'message' => $error->getMessage(), 'exit' => $code]]);
            return $code;
        }
        $console->error('meschain: ' . $error->getMessage());
        $hint === '' || $console->error($hint);
        $ours = $error instanceof MesChainException || $error instanceof UsageError || $error instanceof ExtensionMissing;
        $ours || $console->error("  in {$error->getFile()}:{$error->getLine()}");
        return $code;
    }
}

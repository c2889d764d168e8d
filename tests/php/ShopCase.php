<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Exception\MesChainException;
use MesChain\Shop;
use PHPUnit\Framework\TestCase;

/** Tests on the sample shop of the run, with SQL as the oracle; and on fresh databases and folders of their own. */
abstract class ShopCase extends TestCase
{
    private static ?\mysqli $database = null;

    /** @var list<string> */
    private array $folders = [];

    /** @var list<string> */
    private array $databases = [];

    protected function tearDown(): void
    {
        foreach ($this->databases as $name) {
            self::database()->query("DROP DATABASE `$name`");
        }
        foreach ($this->folders as $folder) {
            self::remove($folder);
        }
        $this->databases = $this->folders = [];
    }

    protected static function database(): \mysqli
    {
        if (self::$database === null) {
            mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
            $url = parse_url((string) getenv('MESCHAIN_TEST_DATABASE_URL'));
            self::$database = new \mysqli(
                $url['host'],
                rawurldecode($url['user']),
                rawurldecode($url['pass']),
                (string) getenv('MESCHAIN_TEST_DATABASE'),
                $url['port'],
            );
            self::$database->query("SET time_zone = '+00:00'");
        }
        return self::$database;
    }

    /** The first row of a query, as strings. */
    protected static function row(string $sql): array
    {
        return self::database()->query($sql)->fetch_row();
    }

    /** @return list<array<string, string|null>> */
    protected static function rows(string $sql): array
    {
        return self::database()->query($sql)->fetch_all(MYSQLI_ASSOC);
    }

    /** Settings for an empty database and an empty data folder that last as long as the test. */
    protected function freshShop(): array
    {
        $name = 'meschain_php_' . bin2hex(random_bytes(6));
        self::database()->query("CREATE DATABASE `$name` CHARACTER SET utf8mb4");
        $this->databases[] = $name;
        return ['database_url' => self::url($name), 'data_dir' => $this->folder()];
    }

    /** @return array{array, string, Shop} settings, the name of the database, and a small shop that is filled but not read yet */
    protected function sampleShop(): array
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 11])->result();
        return [$settings, substr(strrchr($settings['database_url'], '/'), 1), $shop];
    }

    protected static function url(string $name): string
    {
        return rtrim((string) getenv('MESCHAIN_TEST_DATABASE_URL'), '/') . "/$name";
    }

    protected function folder(): string
    {
        $folder = sys_get_temp_dir() . '/meschain-php-' . bin2hex(random_bytes(6));
        mkdir($folder, 0700);
        return $this->folders[] = $folder;
    }

    /** A port of the loopback address that nothing listens on. */
    protected static function deadPort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr(strrchr(stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }

    /** @param class-string<MesChainException> $class */
    protected static function assertThrows(string $class, callable $call, string ...$mentions): MesChainException
    {
        try {
            $call();
        } catch (MesChainException $error) {
            self::assertInstanceOf($class, $error, get_class($error) . ": {$error->getMessage()}");
            foreach ($mentions as $text) {
                self::assertStringContainsString($text, $error->getMessage());
            }
            return $error;
        }
        self::fail("$class was expected, nothing was thrown");
    }

    /** A decimal string of money: four digits after the point. */
    protected static function assertMoney(mixed $value, string $message = ''): void
    {
        self::assertIsString($value, $message);
        self::assertMatchesRegularExpression('/^-?\d+\.\d{4}$/D', $value, $message);
    }

    private static function remove(string $path): void
    {
        if (is_dir($path) && !is_link($path)) {
            array_map(self::remove(...), glob("$path/{*,.[!.]*}", GLOB_BRACE) ?: []);
            rmdir($path);
        } elseif (file_exists($path)) {
            unlink($path);
        }
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

use MesChain\OpenCart\Admin;
use PHPUnit\Framework\TestCase;

/** A real OpenCart with the package installed by its own installer, and a sample shop in its tables. */
abstract class OpenCartCase extends TestCase
{
    protected const PAGES = [
        'extension/meschain/reporting/dashboard',
        'extension/meschain/ai/dashboard',
        'extension/meschain/ai/suggestions',
        'extension/meschain/ai/models',
        'extension/meschain/ai/training',
        'extension/meschain/ai/analytics',
        'extension/meschain/ai/product',
        'extension/meschain/performance/monitor',
        'extension/meschain/module/meschain',
    ];

    private static ?\mysqli $database = null;

    protected static function admin(string $user = 'admin', ?string $password = null, ?string $url = null): Admin
    {
        $admin = new Admin($url ?? (string) getenv('OPENCART_URL'));
        $admin->login($user, $password ?? (string) getenv('OPENCART_PASSWORD'));
        return $admin;
    }

    protected static function database(): \mysqli
    {
        if (self::$database === null) {
            mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
            $url = parse_url((string) getenv('OPENCART_DATABASE_URL'));
            self::$database = new \mysqli($url['host'], $url['user'], $url['pass'], ltrim($url['path'], '/'), $url['port']);
        }
        return self::$database;
    }

    protected static function rowsOf(string $table): int
    {
        return (int) self::database()->query("SELECT COUNT(*) FROM `$table`")->fetch_row()[0];
    }

    /** @param array{status: int, type: string, body: string} $response */
    protected static function assertPage(array $response, string $what): void
    {
        self::assertSame(200, $response['status'], "$what: " . substr(strip_tags($response['body']), 0, 500));
        self::assertStringContainsString('id="content"', $response['body'], "$what is not a page of the administration");
        self::assertDoesNotMatchRegularExpression('/(Warning|Notice|Deprecated|Fatal error)<?\/?b?>?:\s/', $response['body'], "$what shows a PHP error");
    }

    /** A user of a group of its own. @param array{access: list<string>, modify: list<string>} $permission */
    protected function user(string $name, array $permission): Admin
    {
        $database = self::database();
        $database->query("SET SESSION sql_mode = ''");
        $statement = $database->prepare('INSERT INTO oc_user_group SET name = ?, permission = ?');
        $statement->execute([$name, json_encode($permission)]);
        $statement = $database->prepare(
            'INSERT INTO oc_user SET user_group_id = ?, username = ?, password = ?, firstname = ?, lastname = ?, email = ?, status = 1, date_added = NOW()',
        );
        $statement->execute([$database->insert_id, $name, password_hash('secret12345', PASSWORD_DEFAULT), $name, $name, "$name@example.com"]);
        return self::admin($name, 'secret12345');
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChainConsole\Database;
use Opencart\System\Library\Extension\Meschain\Failure;
use PHPUnit\Framework\TestCase;

foreach (['Database', 'DatabaseAway', 'NoDatabase', 'NoShop'] as $class) {
    require_once __DIR__ . "/../../php/console/src/$class.php";
}
require_once __DIR__ . '/../../opencart-extension/system/library/failure.php';

/** What a page of the console says when its database is not there. */
final class ConsoleDatabaseTest extends TestCase
{
    public function testADatabaseThatIsAwayIsCalledSoAndNoSecretIsTold(): void
    {
        self::assertSame(['not_configured', 500], $this->said(''));
        self::assertSame(['not_configured', 500], $this->said('sqlite:///x'));
        self::assertSame(['database_down', 503], $this->said('mysql://user:secret@127.0.0.1:1/shop'));
    }

    public function testADatabaseWithoutAShopIsCalledSo(): void
    {
        $url = getenv('MESCHAIN_TEST_DATABASE_URL') ?: self::markTestSkipped('needs a database: MESCHAIN_TEST_DATABASE_URL');
        self::assertSame(['no_shop', 500], $this->said(rtrim($url, '/') . '/information_schema', 'SELECT 1 FROM oc_currency'));
    }

    private function said(string $url, string $sql = 'SELECT 1'): array
    {
        try {
            (new Database($url))->query($sql);
        } catch (\Throwable $error) {
            self::assertStringNotContainsString('secret', $error->getMessage() . $error->getTraceAsString());
            $failure = Failure::of($error);

            return [$failure->code, $failure->status];
        }
        self::fail('There is a database.');
    }
}

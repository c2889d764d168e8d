<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChainConsole\Database;
use Opencart\System\Library\Extension\Meschain\Failure;
use PHPUnit\Framework\TestCase;

foreach (['Database', 'DatabaseAway', 'NoDatabase'] as $class) {
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

    private function said(string $url): array
    {
        try {
            (new Database($url))->query('SELECT 1');
        } catch (\Throwable $error) {
            self::assertStringNotContainsString('secret', $error->getMessage() . $error->getTraceAsString());
            $failure = Failure::of($error);

            return [$failure->code, $failure->status];
        }
        self::fail('There is a database.');
    }
}

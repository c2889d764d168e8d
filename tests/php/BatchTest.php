<?php

declare(strict_types=1);

namespace MesChain\Tests;

use Opencart\System\Library\Extension\Meschain\Batch;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/../../opencart-extension/system/library/batch.php';

final class BatchTest extends TestCase
{
    public function testOneThatFailsStopsNoneOfTheOthers(): void
    {
        $answer = Batch::run([1, 2, 3], fn (int $id) => $id === 2 ? throw new \RuntimeException('decided') : ['status' => 'applied'], $this->refused(...));
        self::assertSame(['applied', 'refused', 'applied'], array_column($answer['results'], 'status'));
        self::assertSame('decided', $answer['results'][1]['code']);
        self::assertSame([[], null], [$answer['left'], $answer['stopped']]);
    }

    public function testWhatTheTimeWasTooShortForComesBack(): void
    {
        $answer = Batch::run([1, 2, 3], fn () => ['status' => 'applied'], $this->refused(...), 0.0);
        self::assertSame([1], array_column($answer['results'], 'suggestion_id'), 'a request does at least one');
        self::assertSame([2, 3], $answer['left']);
    }

    public function testWithoutADatabaseNothingMoreIsTried(): void
    {
        $asked = [];
        $step = function (int $id) use (&$asked): array {
            $asked[] = $id;

            return $id === 2 ? throw new \RuntimeException('database_down') : ['status' => 'applied'];
        };
        $answer = Batch::run([1, 2, 3], $step, $this->refused(...));
        self::assertSame([1, 2], $asked);
        self::assertSame([[2, 3], 'database_down'], [$answer['left'], $answer['stopped']]);
    }

    /** @return array{code: string, message: string} */
    private function refused(\Throwable $error): array
    {
        return ['code' => $error->getMessage(), 'message' => $error->getMessage()];
    }
}

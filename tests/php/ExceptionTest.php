<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Exception as E;
use MesChain\Exception\ArgumentException;
use MesChain\Reporting;

final class ExceptionTest extends ShopCase
{
    /** @dataProvider parents */
    public function testHierarchy(string $class, string $parent): void
    {
        self::assertTrue(class_exists($class), $class);
        self::assertSame($parent, get_parent_class($class));
    }

    public static function parents(): array
    {
        $root = E\MesChainException::class;
        return array_map(null, ...[[
            $root, ArgumentException::class, E\SettingException::class, E\NotConfiguredException::class, E\DatabaseException::class,
            E\UnreachableException::class, E\DeniedException::class, E\TimeoutException::class, E\ContentionException::class,
            E\StatementException::class, E\SchemaException::class, E\BackendException::class, E\NotFoundException::class,
            E\NotEnoughDataException::class, E\LimitException::class, E\BusyException::class, E\CancelledException::class,
            E\UnsupportedException::class, E\InternalException::class,
        ], [
            \RuntimeException::class, $root, $root, E\SettingException::class, $root,
            E\DatabaseException::class, E\DatabaseException::class, E\DatabaseException::class, E\DatabaseException::class,
            E\DatabaseException::class, E\DatabaseException::class, $root, $root,
            $root, $root, $root, $root,
            $root, $root,
        ]]);
    }

    public function testCarriesFileLineAndTrace(): void
    {
        $line = __LINE__ + 1;
        $error = self::assertThrows(ArgumentException::class, fn () => (new Reporting())->dashboard(['range' => 'never']));
        self::assertSame(__FILE__, $error->getFile());
        self::assertSame($line, $error->getLine());
        self::assertSame('dashboard', $error->getTrace()[0]['function']);
    }

    public function testCanBeThrownAndExtendedInPhp(): void
    {
        $previous = new \LogicException('cause');
        $error = new E\NotFoundException('gone', 7, $previous);
        self::assertSame(['gone', 7, $previous], [$error->getMessage(), $error->getCode(), $error->getPrevious()]);
        $own = new class ('own') extends E\BusyException {
        };
        self::assertInstanceOf(E\MesChainException::class, $own);
        self::assertSame(__FILE__, $own->getFile());
    }
}

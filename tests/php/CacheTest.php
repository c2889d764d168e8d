<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Performance;
use MesChain\Performance\Cache\CacheManager;

/** One meaning of the cache, whatever tiers stand behind it. */
final class CacheTest extends ShopCase
{
    private static int $run = 0;

    /** @dataProvider values */
    public function testAValueComesBackAsItWas(mixed $value): void
    {
        $cache = $this->cache();
        self::assertTrue($cache->set('value', $value));
        self::assertTrue($cache->has('value'));
        self::assertSame($value, $cache->get('value', 'absent'));
        self::assertSame($value, $this->again($cache)->get('value', 'absent'), 'another manager of the same prefix reads it');
    }

    public static function values(): array
    {
        return [
            'null' => [null], 'true' => [true], 'false' => [false], 'zero' => [0], 'smallest int' => [PHP_INT_MIN], 'float' => [0.1],
            'infinity' => [INF], 'empty text' => [''], 'bytes' => ["\x00\xff\xfe"], 'Turkish' => ['İğdır çiğ köfte'],
            'long text' => [str_repeat('abc', 50_000)], 'empty array' => [[]], 'list' => [[1, 'two', 3.0, null]],
            'key order' => [['b' => 1, 'a' => 2, 7 => 'x', -3 => 'y']], 'deep' => [['a' => ['b' => ['c' => [true, ['d' => '']]]]]],
            'rows' => [array_map(fn ($n) => ['id' => $n, 'name' => "Ürün $n", 'price' => $n / 7], range(1, 500))],
        ];
    }

    public function testAMissGivesTheDefault(): void
    {
        $cache = $this->cache();
        self::assertNull($cache->get('nothing'));
        self::assertSame('given', $cache->get('nothing', 'given'));
        self::assertFalse($cache->has('nothing'));
        $cache->set('null', null);
        self::assertNull($cache->get('null', 'given'), 'a stored null is a hit');
    }

    public function testDeleteAndClear(): void
    {
        $cache = $this->cache();
        $other = $this->cache();
        foreach ([$cache, $other] as $each) {
            $each->setMultiple(['a' => 1, 'b' => 2]);
        }
        $cache->delete('a');
        self::assertSame(['a' => null, 'b' => 2], $cache->getMultiple(['a', 'b']));
        self::assertTrue($cache->clear());
        self::assertSame(['a' => '-', 'b' => '-'], $cache->getMultiple(['a', 'b'], '-'));
        self::assertSame(['a' => 1, 'b' => 2], $other->getMultiple(['a', 'b']), 'another prefix is not cleared');
    }

    public function testTimeToLive(): void
    {
        $cache = $this->cache();
        $cache->set('gone', 1, 1);
        $cache->set('stays', 1, 3600);
        $cache->set('at once', 1, 3600);
        $cache->set('at once', 1, 0);
        self::assertFalse($cache->has('at once'), 'no life left: nothing is kept');
        $deadline = microtime(true) + 10;
        while ($cache->has('gone') && microtime(true) < $deadline) {
            usleep(50_000);
        }
        self::assertNull($cache->get('gone'));
        self::assertSame(1, $cache->get('stays'));
    }

    public function testRememberComputesOnce(): void
    {
        $cache = $this->cache();
        $calls = 0;
        $compute = function () use (&$calls) {
            $calls++;
            return ['answer' => 42];
        };
        self::assertSame(['answer' => 42], $cache->remember('key', $compute));
        self::assertSame(['answer' => 42], $cache->remember('key', $compute));
        self::assertSame(1, $calls);
    }

    public function testAnExceptionOfTheCallbackPassesThroughAndNothingIsKept(): void
    {
        $cache = $this->cache();
        $thrown = new \DomainException('no');
        try {
            $cache->remember('key', fn () => throw $thrown);
            self::fail('the exception was swallowed');
        } catch (\DomainException $caught) {
            self::assertSame($thrown, $caught);
        }
        self::assertFalse($cache->has('key'));
        self::assertSame('then', $cache->remember('key', fn () => 'then'));
    }

    public function testTags(): void
    {
        $cache = $this->cache();
        $cache->tags(['product', 'price'])->set('p1', 'one');
        $cache->tags('price')->set('p2', 'two');
        $cache->set('free', 'three');
        self::assertSame('one', $cache->tags(['product', 'price'])->get('p1'));
        $cache->tags('product')->flush();
        self::assertNull($cache->tags(['product', 'price'])->get('p1'));
        self::assertSame('two', $cache->tags('price')->get('p2'));
        self::assertSame('three', $cache->get('free'));
    }

    public function testStats(): void
    {
        $cache = $this->cache();
        $before = $cache->getStats();
        $cache->set('a', 1);
        $cache->get('a');
        $cache->get('b');
        $after = $cache->getStats();
        self::assertSame(1, $after['hits'] - $before['hits']);
        self::assertSame(1, $after['misses'] - $before['misses']);
    }

    public function testWhatAPageLeftInMemoryTheNextPageOfTheProcessFinds(): void
    {
        $options = ['tiers' => 'memory', 'key_prefix' => 'pages:'];
        (new Performance())->cache($options)->set('section', '<p>');
        self::assertSame('<p>', (new Performance())->cache($options)->get('section'));
        (new Performance())->cache($options)->delete('section');
        self::assertNull((new Performance())->cache($options)->get('section'));
    }

    public function testTwoProcessesShareIt(): void
    {
        $prefix = $this->prefix();
        $this->cacheOf($prefix)->set('shared', ['from' => 'parent']);
        $code = 'echo json_encode((new MesChain\Performance\Cache\CacheManager(["key_prefix" => $argv[1]]))->get("shared"));';
        $said = shell_exec(PHP_BINARY . ' -r ' . escapeshellarg($code) . ' -- ' . escapeshellarg($prefix));
        self::assertSame('{"from":"parent"}', $said);
    }

    private function cache(): CacheManager
    {
        return $this->cacheOf($this->prefix());
    }

    private array $prefixes = [];

    private function cacheOf(string $prefix): CacheManager
    {
        $cache = (new Performance())->cache(['key_prefix' => $prefix]);
        $this->prefixes[spl_object_id($cache)] = $prefix;
        return $cache;
    }

    private function again(CacheManager $cache): CacheManager
    {
        return (new Performance())->cache(['key_prefix' => $this->prefixes[spl_object_id($cache)]]);
    }

    private function prefix(): string
    {
        return 'test:' . getmypid() . ':' . self::$run++ . ':';
    }
}

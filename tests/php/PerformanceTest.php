<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Performance\Cache\CacheManager;

/** The source plan's PerformanceTest against the native classes. Times are measured by `make bench`, not asserted. */
final class PerformanceTest extends ShopCase
{
    public function testCachePerformance(): void
    {
        $cache = new CacheManager();
        $testData = str_repeat('x', 1024 * 10);

        self::assertTrue($cache->set('test_key', $testData));
        self::assertSame($testData, $cache->get('test_key'));
        self::assertGreaterThan(0, $cache->getStats()['hits']);
    }

    public function testDatabaseQueryOptimization(): void
    {
        $query = "SELECT p.*, m.marketplace_name
            FROM meschain_products p
            JOIN meschain_marketplaces m ON p.marketplace_id = m.marketplace_id
            WHERE p.status = 'active'
            ORDER BY p.updated_at DESC
            LIMIT 100";
        $rows = self::rows($query);
        self::assertGreaterThan(0, count($rows));

        // On a small shop the planner may prefer another index; a large one needs this to be there.
        $index = array_column(self::rows("SHOW INDEX FROM meschain_products WHERE Key_name = 'idx_status_updated'"), 'Column_name');
        self::assertSame(['status', 'updated_at'], $index);
    }
}

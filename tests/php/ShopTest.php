<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\Exception\{CancelledException, MesChainException, NotFoundException};
use MesChain\{Reporting, Shop, Task};

final class ShopTest extends ShopCase
{
    public function testMigratingTwiceDoesNothingTheSecondTime(): void
    {
        $shop = new Shop($this->freshShop());
        $plan = $shop->migrate(['dry_run' => true]);
        self::assertTrue($plan['dry_run']);
        self::assertSame([], $plan['applied']);
        self::assertNotEmpty($plan['pending']);
        $first = $shop->migrate();
        self::assertCount(count($plan['pending']), $first['applied']);
        self::assertSame(['version', 'name', 'statements', 'milliseconds'], array_keys($first['applied'][0]));
        $second = $shop->migrate();
        self::assertSame([], $second['pending']);
        self::assertSame([], $shop->migrate(['dry_run' => true])['pending']);
        foreach ($shop->migrationStatus() as $row) {
            self::assertSame(['version', 'name', 'checksum', 'status', 'applied_at'], array_keys($row));
            self::assertSame('applied', $row['status']);
        }
    }

    public function testTheSameSeedMakesTheSameShop(): void
    {
        $sums = [];
        foreach ([1, 2] as $time) {
            $settings = $this->freshShop();
            $task = (new Shop($settings))->sample(['size' => 'small', 'seed' => 3, 'end' => '2026-06-30']);
            self::assertInstanceOf(Task::class, $task);
            $result = $task->result();
            self::assertGreaterThan(0, $result['orders']);
            self::assertFileExists($result['truth_path']);
            $database = trim((string) parse_url($settings['database_url'], PHP_URL_PATH), '/');
            $sums[] = self::row("SELECT COUNT(*), SUM(total), MIN(date_added), MAX(date_added), SUM(CRC32(email)) FROM `$database`.oc_order");
        }
        self::assertSame($sums[0], $sums[1]);
        self::assertLessThan('2026-07-02', $sums[0][3]);
    }

    public function testRefreshCatchesNewChangedAndDeletedOrders(): void
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->sample(['size' => 'small', 'seed' => 4])->result();
        $shop->migrate();
        $shop->refresh()->result();
        $database = trim((string) parse_url($settings['database_url'], PHP_URL_PATH), '/');
        $reporting = new Reporting($settings);
        $orders = fn () => array_column($reporting->dashboard(['range' => 'all'])['kpis'], 'value', 'id')['orders'];
        $before = $orders();
        $included = implode(',', $reporting->dashboard(['range' => 'all'])['statuses']['included']);
        $counted = array_column(self::rows("SELECT order_id FROM `$database`.oc_order WHERE order_status_id IN ($included) ORDER BY order_id LIMIT 3"), 'order_id');

        self::database()->query("UPDATE `$database`.oc_order SET order_status_id = 7, date_modified = UTC_TIMESTAMP() WHERE order_id = {$counted[0]}");
        $result = $shop->refresh()->result();
        self::assertFalse($result['rebuilt']);
        self::assertSame($before - 1, $orders(), 'a cancelled order no longer counts');

        self::database()->query("DELETE FROM `$database`.oc_order WHERE order_id = {$counted[1]}");
        self::database()->query("DELETE FROM `$database`.oc_order_product WHERE order_id = {$counted[1]}");
        self::assertGreaterThanOrEqual(1, $shop->refresh()->result()['orders_removed']);
        self::assertSame($before - 2, $orders(), 'a deleted order is gone');

        self::database()->query("UPDATE `$database`.oc_order_product SET quantity = quantity + 5 WHERE order_id = {$counted[2]}");
        self::database()->query("UPDATE `$database`.oc_order SET total = total + 10, date_modified = UTC_TIMESTAMP() WHERE order_id = {$counted[2]}");
        $shop->refresh()->result();
        self::assertTrue($reporting->verify(['range' => 'all'])['equal'], 'an edited order is read again');

        self::assertTrue($shop->refresh(['rebuild' => true])->result()['rebuilt']);
        self::assertSame($before - 2, $orders());
    }

    public function testJobsFromQueueToResult(): void
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->sample(['size' => 'small', 'seed' => 5])->result();
        $shop->migrate();
        $id = $shop->enqueue('refresh');
        $job = $shop->job($id);
        self::assertSame([
            'job_id', 'kind', 'status', 'payload', 'stage', 'done', 'total', 'attempts', 'error', 'result', 'created_at', 'started_at', 'finished_at',
        ], array_keys($job));
        self::assertSame([$id, 'refresh', 'queued', 0], [$job['job_id'], $job['kind'], $job['status'], $job['attempts']]);
        self::assertMatchesRegularExpression('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/', $job['created_at']);
        self::assertSame([$id], array_column($shop->jobs(['status' => 'queued', 'kind' => 'refresh']), 'job_id'));

        self::assertSame([1, 0], $this->work($shop));
        $job = $shop->job($id);
        self::assertSame(['done', 1, null], [$job['status'], $job['attempts'], $job['error']]);
        self::assertTrue($shop->snapshot()['available']);
        self::assertSame([0, 0], $this->work($shop));
        self::assertFalse($shop->cancelJob($id), 'what is over cannot be cancelled');
    }

    public function testACancelledJobIsNotTakenAndCanBeRetried(): void
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $id = $shop->enqueue('refresh');
        self::assertTrue($shop->cancelJob($id));
        self::assertSame('cancelled', $shop->job($id)['status']);
        self::assertSame([0, 0], $this->work($shop));
        self::assertTrue($shop->retryJob($id));
        self::assertSame('queued', $shop->job($id)['status']);
    }

    public function testAJobThatIsNotThere(): void
    {
        self::assertThrows(NotFoundException::class, fn () => (new Shop())->job(987654321), '987654321');
    }

    public function testATaskReportsItsProgressAndCanBeCancelled(): void
    {
        $task = (new Shop($this->freshShop()))->sample(['size' => 'medium', 'seed' => 6]);
        self::assertSame(['stage', 'done', 'total'], array_keys($task->progress()));
        self::assertTrue($task->running());
        self::assertFalse($task->wait(0.0));
        $task->cancel();
        self::assertThrows(CancelledException::class, fn () => $task->result());
        self::assertFalse($task->running());
        self::assertTrue($task->wait(0.0));
    }

    public function testATaskCanNotBeCopiedOrStored(): void
    {
        $task = (new Shop())->refresh();
        $task->result();
        try {
            unserialize(serialize($task));
            self::fail('a task was serialized');
        } catch (\Exception $refused) {
            self::assertNotInstanceOf(\ErrorException::class, $refused);
        }
    }

    public function testOnlineRetailSpeaksOfItsFile(): void
    {
        $shop = new Shop($this->freshShop());
        self::assertThrows(MesChainException::class, fn () => $shop->loadOnlineRetail('/nowhere/retail.csv')->result(), '/nowhere/retail.csv');
    }

    public function testOnlineRetailInMiniature(): void
    {
        $settings = $this->freshShop();
        $file = $settings['data_dir'] . '/retail.csv';
        file_put_contents($file, <<<'CSV'
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
            536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom
            536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,17850,United Kingdom
            C536379,71053,WHITE METAL LANTERN,-1,2010-12-02 09:41:00,3.39,17850,United Kingdom

            CSV);
        $shop = new Shop($settings);
        $result = $shop->loadOnlineRetail($file)->result();
        self::assertSame([2, 3, 3, 1], [$result['orders'], $result['lines'], $result['products'], $result['customers']], json_encode($result));
        $shop->migrate();
        $shop->refresh()->result();
        $reporting = new Reporting($settings);
        $kpis = array_column($reporting->dashboard(['range' => 'custom', 'from' => '2010-12-01', 'to' => '2010-12-31'])['kpis'], 'value', 'id');
        self::assertSame([2, '46.7400', 18], [$kpis['orders'], $kpis['revenue'], $kpis['units']]);
        self::assertTrue($reporting->verify(['range' => 'all'])['equal']);
    }

    /** @return array{int, int} jobs done and failed */
    private function work(Shop $shop): array
    {
        $result = $shop->work(['once' => true])->result();
        return [$result['done'], $result['failed']];
    }
}

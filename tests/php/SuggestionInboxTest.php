<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\AI;
use MesChain\Exception\{ArgumentException, NotFoundException, UnsupportedException};
use MesChain\Shop;

final class SuggestionInboxTest extends ShopCase
{
    private const BY = ['user_id' => 7, 'user_name' => 'Ayşe'];

    public static function setUpBeforeClass(): void
    {
        (new AI())->suggestions()->generate(['kinds' => ['price', 'reorder'], 'limit' => 40])->result();
    }

    public function testTheModelsProposeWhatWouldGainAndSayWhy(): void
    {
        $page = (new AI())->suggestions()->list(['kind' => 'price', 'status' => 'pending', 'limit' => 100]);
        self::assertNotEmpty($page['items']);
        self::assertSame(count($page['items']), $page['counts']['price']['pending']);
        $gains = array_column($page['items'], 'expected_gain');
        $sorted = $gains;
        rsort($sorted);
        self::assertSame($sorted, $gains, 'the most gain comes first');
        foreach ($page['items'] as $item) {
            [$price] = self::row("SELECT price FROM oc_product WHERE product_id = {$item['product_id']}");
            self::assertEqualsWithDelta((float) $price, $item['before']['price'], 0.0001);
            self::assertLessThanOrEqual(0.2 + 0.005, abs($item['suggested']['price'] / $item['before']['price'] - 1));
            self::assertNotEmpty($item['reason']['code']);
            self::assertNotEmpty($item['name']);
        }
    }

    public function testWhatRunsOutFirstIsOrderedFirst(): void
    {
        $page = (new AI())->suggestions()->list(['kind' => 'reorder', 'status' => 'pending', 'limit' => 500]);
        $ends = array_map(static fn (array $item): string => $item['reason']['stock_out_date'] ?? '9999', $page['items']);
        $sorted = $ends;
        sort($sorted);
        self::assertGreaterThan(1, count(array_unique($ends)));
        self::assertSame($sorted, $ends);
    }

    public function testADecisionIsTakenOnceAndWrittenDown(): void
    {
        $inbox = (new AI())->suggestions();
        ['suggestion_id' => $id, 'suggested' => $suggested] = $inbox->list(['kind' => 'reorder', 'status' => 'pending', 'limit' => 1])['items'][0];
        $other = ['quantity' => $suggested['quantity'] + 1.0];
        $taken = $inbox->begin($id, self::BY, $other);
        self::assertSame(['applying', true, $other], [$taken['status'], $taken['changed'], $taken['after']]);
        self::assertThrows(UnsupportedException::class, fn () => $inbox->begin($id, self::BY), 'applying');
        self::assertSame('applied', $inbox->applied($id, null, self::BY)['status']);
        self::assertSame('undoing', $inbox->beginUndo($id, self::BY)['status']);
        self::assertSame('undone', $inbox->undone($id, self::BY)['status']);
        $log = $inbox->audit(['suggestion_id' => $id]);
        self::assertSame(['undone', 'undoing', 'applied', 'approved'], array_column($log, 'action'));
        self::assertSame(['Ayşe', 7], [$log[0]['user_name'], $log[0]['user_id']]);
    }

    public function testWhatIsOrderedIsNotOrderedAgainUntilItIsTakenBack(): void
    {
        $inbox = (new AI())->suggestions();
        $ask = static fn () => $inbox->generate(['kinds' => ['reorder'], 'limit' => 500])->result();
        $waiting = static fn (): array => array_column($inbox->list(['kind' => 'reorder', 'status' => 'pending', 'limit' => 500])['items'], null, 'product_id');
        $ask();
        $first = array_values($waiting())[0];
        $inbox->begin($first['suggestion_id'], self::BY);
        $inbox->applied($first['suggestion_id'], null, self::BY);
        $ask();
        self::assertArrayNotHasKey($first['product_id'], $waiting());
        $inbox->beginUndo($first['suggestion_id'], self::BY);
        $inbox->undone($first['suggestion_id'], self::BY);
        $counted = static function (int $is) use ($first): void {
            self::database()->query("UPDATE oc_product SET subtract = $is WHERE product_id = {$first['product_id']}");
            (new Shop())->refresh()->result();
        };
        $counted(0);
        $ask();
        self::assertArrayNotHasKey($first['product_id'], $waiting(), 'its quantity says nothing');
        $counted(1);
        $ask();
        self::assertSame($first['suggested'], $waiting()[$first['product_id']]['suggested']);
    }

    public function testASelectionIsTakenOnlyAsItWasSeen(): void
    {
        $inbox = (new AI())->suggestions();
        $filter = ['kind' => 'reorder', 'status' => 'pending', 'sort' => 'product'];
        $page = $inbox->list($filter + ['limit' => 500]);
        $selection = $inbox->selection($filter);
        self::assertSame([$page['total'], 5_000], [$selection['total'], $selection['limit']]);
        self::assertSame(array_column($page['items'], 'revision', 'suggestion_id'), array_column($selection['items'], 'revision', 'suggestion_id'));
        ['suggestion_id' => $id, 'revision' => $revision] = $selection['items'][0];
        self::assertThrows(UnsupportedException::class, fn () => $inbox->begin($id, self::BY, null, $revision ^ 1), 'something else');
        self::assertSame('applying', $inbox->begin($id, self::BY, null, $revision)['status']);
        $inbox->failed($id, 'only a test', self::BY);
        self::assertThrows(ArgumentException::class, fn () => $inbox->selection(['limit' => 5]), 'filter');
        self::assertThrows(ArgumentException::class, fn () => $inbox->begin($id, self::BY, null, -1), 'revision');
    }

    public function testWhatAPersonPutsInPlaceIsHeldAgainstWhatTheShopCanHold(): void
    {
        $inbox = (new AI())->suggestions();
        $id = fn (string $kind) => $inbox->list(['kind' => $kind, 'status' => 'pending', 'limit' => 1])['items'][0]['suggestion_id'];
        foreach ([['price' => 0], ['price' => 'x'], ['price' => 2e9]] as $value) {
            self::assertThrows(ArgumentException::class, fn () => $inbox->begin($id('price'), self::BY, $value), 'value["price"]');
        }
        self::assertThrows(ArgumentException::class, fn () => $inbox->begin($id('price'), self::BY, ['quantity' => 5]), 'quantity');
        self::assertThrows(ArgumentException::class, fn () => $inbox->begin($id('reorder'), self::BY, ['quantity' => 1.5]), 'value["quantity"]');
        self::assertSame('pending', $inbox->get($id('price'))['status']);
    }

    public function testWhatWasRefusedIsNotProposedAgain(): void
    {
        $inbox = (new AI())->suggestions();
        $id = $inbox->list(['kind' => 'price', 'status' => 'pending', 'limit' => 1])['items'][0]['suggestion_id'];
        self::assertSame(['rejected' => [$id]], $inbox->reject([$id, 999_999], self::BY, 'too dear'));
        $again = $inbox->generate(['kinds' => ['price'], 'limit' => 40])->result();
        self::assertGreaterThanOrEqual(1, $again['price']['muted']);
        self::assertSame('rejected', $inbox->get($id)['status']);
    }

    public function testARefusalIsOfWhatWasSeenAndIsTakenBack(): void
    {
        $inbox = (new AI())->suggestions();
        ['suggestion_id' => $id, 'revision' => $revision] = $inbox->list(['kind' => 'reorder', 'status' => 'pending', 'limit' => 1])['items'][0];
        self::assertSame(['rejected' => []], $inbox->reject([$id], self::BY, '', [$id => $revision ^ 1]));
        self::assertThrows(UnsupportedException::class, fn () => $inbox->reopen($id, self::BY), 'pending');
        self::assertSame(['rejected' => [$id]], $inbox->reject([$id], self::BY, '', [$id => $revision]));
        self::assertThrows(UnsupportedException::class, fn () => $inbox->reopen($id, self::BY, $revision ^ 1), 'something else');
        self::assertSame(['pending', null], array_values(array_intersect_key($inbox->reopen($id, self::BY, $revision), ['status' => 0, 'decided_by' => 0])));
        self::assertSame(['reopened', 'rejected'], array_slice(array_column($inbox->audit(['suggestion_id' => $id]), 'action'), 0, 2));
        self::assertThrows(NotFoundException::class, fn () => $inbox->reopen(999_999_999, self::BY));
        self::assertThrows(ArgumentException::class, fn () => $inbox->reject([$id], self::BY, '', [$id => 'x']), "revisions[$id]");
        self::assertThrows(ArgumentException::class, fn () => $inbox->reopen($id, self::BY, -1), 'revision');
    }

    public function testTheOverviewCountsWhatWasDecided(): void
    {
        $overview = (new AI())->overview();
        self::assertSame(['category', 'price', 'reorder'], array_keys($overview['counts']));
        self::assertSame([30, 90], array_column($overview['decided'], 'days'));
        self::assertFalse($overview['realised']['available']);
        self::assertSame('too_early', $overview['realised']['reason']);
    }

    public function testAVersionThatIsWhereItsProductIsGoesWithIt(): void
    {
        [$settings, $schema] = $this->sampleShop();
        $ai = new AI($settings);
        $ai->train(['models' => ['categorization']])->result();
        $ids = array_map('intval', array_column(self::rows("SELECT product_id FROM `$schema`.oc_product ORDER BY product_id LIMIT 12"), 'product_id'));
        $all = implode(',', $ids);
        self::database()->query("DELETE FROM `$schema`.oc_product_to_category WHERE product_id IN ($all)");
        $asked = function () use ($ai, $ids): array {
            $ai->suggestions()->generate(['kinds' => ['category'], 'limit' => 100])->result();
            $found = array_column($ai->suggestions()->list(['kind' => 'category', 'status' => 'pending', 'limit' => 100])['items'], 'product_id');
            return array_values(array_intersect($ids, $found));
        };

        self::database()->query("UPDATE `$schema`.oc_product SET master_id = $ids[0] WHERE product_id IN ($all) AND product_id <> $ids[0]");
        self::assertSame([], array_diff($asked(), [$ids[0]]));
        self::database()->query("UPDATE `$schema`.oc_product SET master_id = 999999 WHERE product_id = $ids[1]");
        self::database()->query("UPDATE `$schema`.oc_product SET master_id = 0 WHERE product_id IN ($ids[2], $ids[3], $ids[4], $ids[5])");
        $found = $asked();
        self::assertGreaterThan(2, count($found), 'they are asked about by themselves');
        self::assertSame([], array_diff($found, array_slice($ids, 0, 6)));
    }

    public function testBadInputNamesTheField(): void
    {
        $inbox = (new AI())->suggestions();
        self::assertThrows(ArgumentException::class, fn () => $inbox->list(['sort' => 'price; DROP TABLE x']), 'filter["sort"]');
        self::assertThrows(ArgumentException::class, fn () => $inbox->list(['status' => 'gone']), 'filter["status"]');
        self::assertThrows(ArgumentException::class, fn () => $inbox->list(['limit' => 0]), 'filter["limit"]');
        self::assertThrows(ArgumentException::class, fn () => $inbox->begin(0, self::BY), 'id');
        self::assertThrows(ArgumentException::class, fn () => $inbox->begin(1, ['name' => 'x']), 'by');
        self::assertThrows(ArgumentException::class, fn () => $inbox->generate(['kinds' => ['magic']]), 'kinds');
        self::assertThrows(NotFoundException::class, fn () => $inbox->get(999_999_999));
    }
}

<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

/** Administrators decide about the same suggestions at once while the shop sells: the log, the suggestions and the catalogue agree in the end. */
final class RacingDecisionsTest extends OpenCartCase
{
    private const SUGGESTIONS = 30;
    private const ADMINISTRATORS = 3;
    private const ROUNDS = 2;

    /** What a step of the log makes of a suggestion, from which state. */
    private const STEPS = ['approved' => ['pending', 'applying'], 'applied' => ['applying', 'applied'], 'stale' => ['applying', 'expired'],
        'failed' => ['applying', 'failed'], 'undoing' => ['applied', 'undoing'], 'undone' => ['undoing', 'undone'], 'undo_failed' => ['undoing', 'applied'],
        'rejected' => ['pending', 'rejected'], 'reopened' => ['rejected', 'pending']];

    /** Signs in, says so, waits for a line, and then posts what the next line names, one after the other. */
    private const ADMINISTRATOR = <<<'PHP'
        require $argv[1];
        $admin = new MesChain\OpenCart\Admin($argv[2]);
        $admin->login('admin', getenv('OPENCART_PASSWORD'));
        echo "ready\n";
        $said = [];
        foreach (json_decode(fgets(STDIN)) as [$method, $ids]) {
            $answer = $admin->json("extension/meschain/ai/suggestions.$method", [], ['ids' => $ids]);
            array_push($said, ...$answer['results']);
            if ($answer['stopped'] !== null || $answer['left'] !== []) {
                $said[] = ['status' => 'stopped', 'message' => $answer['stopped']];
            }
        }
        echo json_encode($said), "\n";
        PHP;

    /** Sells one piece of a product after the other until it is told to stop; says how many of each. */
    private const SHOP = <<<'PHP'
        $url = parse_url(getenv('OPENCART_DATABASE_URL'));
        $database = new mysqli($url['host'], $url['user'], $url['pass'], ltrim($url['path'], '/'), $url['port']);
        echo "ready\n";
        $products = json_decode(fgets(STDIN));
        stream_set_blocking(STDIN, false);
        $sold = array_fill_keys($products, 0);
        for ($at = 0; fgets(STDIN) === false; $at++) {
            $product = $products[$at % count($products)];
            $database->query("UPDATE oc_product SET quantity = quantity - 1 WHERE product_id = $product AND subtract = 1");
            $sold[$product] += $database->affected_rows;
            usleep(2000);
        }
        echo json_encode($sold), "\n";
        PHP;

    public function testEachEndsInOneStateAndTheCatalogueHoldsWhatTheLogSays(): void
    {
        [$ids, $before] = $this->suggestions();
        $shop = $this->start(self::SHOP, []);
        $administrators = [];
        for ($i = 0; $i < self::ADMINISTRATORS; $i++) {
            $administrators[] = $this->start(self::ADMINISTRATOR, [__DIR__ . '/../../scripts/opencart/Admin.php', (string) getenv('OPENCART_URL')]);
        }
        fwrite($shop[1][0], json_encode(array_values($ids)) . "\n");
        foreach ($administrators as $number => $administrator) {
            fwrite($administrator[1][0], json_encode($this->plan(array_keys($ids), $number)) . "\n");
        }
        $said = array_map(fn (array $one): array => json_decode((string) fgets($one[1][1]), true), $administrators);
        fwrite($shop[1][0], "stop\n");
        $sold = json_decode((string) fgets($shop[1][1]), true);

        $said = array_merge(...$said);
        $refused = array_filter($said, fn (array $one): bool => !in_array($one['status'], ['applied', 'undone', 'rejected', 'pending'], true));
        self::assertSame(['decided'], array_values(array_unique(array_map(fn (array $one): string => $one['code'] ?? $one['message'] ?? $one['status'], $refused))), json_encode($refused));
        $steps = 0;
        foreach ($ids as $id => $product) {
            $state = 'pending';
            foreach (self::database()->query("SELECT action FROM meschain_ai_audit WHERE suggestion_id = $id ORDER BY audit_id") as ['action' => $action]) {
                [$from, $to] = self::STEPS[$action];
                self::assertSame($from, $state, "suggestion $id: $action");
                [$state, $steps] = [$to, $steps + 1];
            }
            [$status] = self::database()->query("SELECT status FROM meschain_ai_suggestions WHERE suggestion_id = $id")->fetch_row();
            self::assertSame($state, $status);
            self::assertContains($status, ['pending', 'applied', 'undone', 'rejected']);
            $now = self::database()->query("SELECT price, quantity FROM oc_product WHERE product_id = $product")->fetch_assoc();
            self::assertEqualsWithDelta($before[$product]['price'] + ($status === 'applied' ? 1 : 0), (float) $now['price'], 0.0001);
            self::assertSame($before[$product]['quantity'] - $sold[$product], (int) $now['quantity']);
        }
        $done = array_count_values(array_column($said, 'status'));
        // Approving and taking back are two steps each.
        self::assertSame($steps, 2 * (($done['applied'] ?? 0) + ($done['undone'] ?? 0)) + ($done['rejected'] ?? 0) + ($done['pending'] ?? 0));
        self::assertGreaterThan(0, array_sum($sold));
        foreach ($before as $product => $was) {
            self::database()->query("UPDATE oc_product SET price = {$was['price']}, quantity = {$was['quantity']} WHERE product_id = $product");
        }
    }

    /** @return array{0: array<int, int>, 1: array<int, array{price: float, quantity: int}>} suggestions with their products, and what these were */
    private function suggestions(): array
    {
        [$ids, $before] = [[], []];
        $products = self::database()->query('SELECT product_id, price, quantity FROM oc_product WHERE status = 1 AND subtract = 1 ORDER BY product_id DESC LIMIT ' . self::SUGGESTIONS);
        foreach ($products->fetch_all(MYSQLI_ASSOC) as $row) {
            $product = (int) $row['product_id'];
            $before[$product] = ['price' => (float) $row['price'], 'quantity' => (int) $row['quantity']];
            self::database()->query("DELETE FROM meschain_ai_suggestions WHERE product_id = $product");
            $statement = self::database()->prepare("INSERT INTO meschain_ai_suggestions (kind, product_id, before_value, suggested_value, reason, valid_until)
                VALUES ('price', ?, ?, ?, '{}', NOW() + INTERVAL 9 DAY)");
            $statement->execute([$product, json_encode(['price' => (float) $row['price']]), json_encode(['price' => $row['price'] + 1])]);
            $ids[(int) self::database()->insert_id] = $product;
        }

        return [$ids, $before];
    }

    /** All go through the same suggestions in the same order, each with steps in an order of its own: some one by one, some many at once. */
    private function plan(array $ids, int $number): array
    {
        $orders = [['reject', 'reopen', 'apply', 'undo'], ['reopen', 'reject', 'reopen', 'apply'], ['apply', 'reject', 'undo', 'reopen']];
        $plan = [];
        foreach (array_chunk($ids, 1 + $number % 3) as $some) {
            for ($round = 0; $round < self::ROUNDS; $round++) {
                foreach ($orders[($number + $round) % 3] as $method) {
                    $plan[] = [$method, $some];
                }
            }
        }

        return $plan;
    }

    /** @return array{0: resource, 1: array<int, resource>} the process, once it is ready, and its ends */
    private function start(string $code, array $arguments): array
    {
        $process = proc_open([PHP_BINARY, '-r', $code, '--', ...$arguments], [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
        self::assertSame("ready\n", fgets($pipes[1]));

        return [$process, $pipes];
    }
}

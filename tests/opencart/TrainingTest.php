<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

use MesChain\OpenCart\Admin;

/** Trainings asked for on their page: anew, as an update, stopped and gone on with. No worker runs here: jobs wait. */
final class TrainingTest extends OpenCartCase
{
    private const ROUTE = 'extension/meschain/ai/training';

    private static Admin $admin;

    public static function setUpBeforeClass(): void
    {
        self::$admin = self::admin();
    }

    public function testAnUpdateIsAskedForStoppedAndGoneOnWith(): void
    {
        self::database()->query("UPDATE meschain_jobs SET status = 'cancelled' WHERE kind = 'train' AND status = 'queued'");
        $answer = $this->post('update');
        self::assertFalse($answer['joined']);
        $id = $answer['job']['job_id'];
        $payload = json_decode((string) self::database()->query("SELECT payload FROM meschain_jobs WHERE job_id = $id")->fetch_row()[0], true);
        self::assertTrue($payload['update']);
        self::assertCount(4, $payload['models']);
        self::assertArrayNotHasKey('payload', $answer['job']);
        self::assertSame([$id, true], [$this->post('update')['job']['job_id'], $this->post('update')['joined']], 'a second press joins the first');

        self::assertSame([false, 'queued'], [$this->post('resume', $id)['resumed'], $this->post('resume', $id)['job']['status']], 'it has not stopped');
        self::assertTrue($this->post('cancel', $id)['cancelled']);
        self::assertSame('cancelled', self::$admin->json(self::ROUTE . '.data')['jobs'][0]['status']);
        $resumed = $this->post('resume', $id);
        self::assertSame([true, $id, 'queued'], [$resumed['resumed'], $resumed['job']['job_id'], $resumed['job']['status']]);
        self::assertTrue($this->post('cancel', $id)['cancelled']);
    }

    public function testOtherWorkIsNotGoneOnWith(): void
    {
        self::database()->query("INSERT INTO meschain_jobs (kind, payload, status, max_attempts) VALUES ('drift', '{}', 'cancelled', 1)");
        $id = (int) self::database()->insert_id;
        self::assertSame('not_found', $this->post('resume', $id)['code']);
        self::assertSame('not_found', $this->post('resume', 999999999)['code']);
        self::assertSame('cancelled', self::database()->query("SELECT status FROM meschain_jobs WHERE job_id = $id")->fetch_row()[0]);
        self::database()->query("DELETE FROM meschain_jobs WHERE job_id = $id");
    }

    public function testTheyTakeAPostAndTheRightToModify(): void
    {
        $reader = $this->user('trainee', ['access' => ['common/dashboard', self::ROUTE], 'modify' => []]);
        $page = $reader->get(self::ROUTE);
        self::assertPage($page, 'the page of trainings');
        foreach (['update', 'resume', 'train'] as $method) {
            self::assertSame(405, self::$admin->get(self::ROUTE . '.' . $method)['status'], $method);
            self::assertSame('permission', $reader->json(self::ROUTE . '.' . $method, [], ['job_id' => '1'])['code'], $method);
            self::assertStringNotContainsString("id=\"meschain-$method\" ", $page['body'], $method);
        }
        self::assertSame([], array_filter(self::$admin->json(self::ROUTE . '.data')['jobs'], fn (array $job): bool => $job['status'] === 'queued'));
    }

    private function post(string $method, ?int $job = null): array
    {
        return self::$admin->json(self::ROUTE . '.' . $method, [], ['job_id' => (string) $job]);
    }
}

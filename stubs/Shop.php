<?php

namespace MesChain;

/**
 * The operations of an installation: health, migrations, sample shop, snapshot and jobs.
 *
 * @phpstan-type Job array{job_id: int, kind: string, status: 'queued'|'running'|'done'|'failed'|'cancelled'|'dead',
 *   payload: array, stage: string, done: int, total: int, attempts: int, error: ?string, result: ?array,
 *   created_at: string, started_at: ?string, finished_at: ?string}
 */
class Shop
{
    /**
     * @param null|string|array|object $settings null: the INI, else OpenCart's DB_* constants; string: a database URL;
     *   array: settings by their INI name without `meschain.`; object: OpenCart's DB object
     * @throws Exception\ArgumentException|Exception\SettingException
     */
    public function __construct(mixed $settings = null) {}

    /** The version of the library. */
    public function version(): string {}

    /**
     * Checks what the library stands on. Never throws for a thing that is down: that is what it reports.
     *
     * @return array{ok: bool, checks: list<array{name: string, status: 'ok'|'warning'|'error'|'off', value: string,
     *   remedy: string}>} remedy is a machine word; `php/bin/meschain doctor` says it in sentences
     */
    public function doctor(): array {}

    /**
     * Applies the migrations that are not applied yet. Idempotent; one node at a time; a step that fails is backed out.
     *
     * @param array{dry_run?: bool} $options
     * @return array{dry_run: bool, applied: list<array{version: string, name: string, statements: int,
     *   milliseconds: float}>, pending: list<string>}
     * @throws Exception\DatabaseException|Exception\BusyException
     */
    public function migrate(array $options = []): array {}

    /**
     * @return list<array{version: string, name: string, checksum: string, status: 'applied'|'pending'|'changed',
     *   applied_at: ?string}>
     * @throws Exception\DatabaseException
     */
    public function migrationStatus(): array {}

    /**
     * Generates a shop into OpenCart's tables, making those that are missing. Same size, seed and end: same shop.
     * Refuses a shop that has orders or products of its own, unless `force`.
     *
     * @param array{size: 'small'|'medium'|'large', seed?: int, end?: string, force?: bool} $options end: last day, Y-m-d
     */
    public function sample(array $options): Task {}

    /**
     * Loads a CSV (or .csv.gz) in the layout of UCI Online Retail as a shop.
     *
     * @param array{force?: bool} $options
     */
    public function loadOnlineRetail(string $file, array $options = []): Task {}

    /**
     * The columnar snapshot that reports and training read.
     *
     * @return array{available: bool, orders: int, lines: int, products: int, customers: int, bytes: int,
     *   built_at: ?string, age_seconds: ?int, watermark: int}
     */
    public function snapshot(): array {}

    /**
     * Brings the snapshot up to date with the database; with `rebuild` from nothing.
     *
     * @param array{rebuild?: bool} $options
     */
    public function refresh(array $options = []): Task {}

    /**
     * Queues a job for `meschain worker`.
     *
     * @param 'train'|'refresh'|'suggest'|'optimise_prices'|'drift'|'forecast' $kind
     * @param array $payload kind train: {models?: list<string>, seed?: int, force?: bool, update?: bool, reason?: string}; kind refresh: {rebuild?: bool};
     *   kind suggest: {kinds?: list<string>, limit?: int}; kind optimise_prices: {limit?: int}; the others take none
     * @param array{unique?: string, delay_seconds?: int, max_attempts?: int} $options unique: while a job with this
     *   text waits or runs, its id is returned instead of a second one being made
     * @return int job id
     * @throws Exception\ArgumentException|Exception\DatabaseException
     */
    public function enqueue(string $kind, array $payload = [], array $options = []): int {}

    /**
     * @param array{status?: string, kind?: string, limit?: int} $filter
     * @return list<Job> newest first
     */
    public function jobs(array $filter = []): array {}

    /**
     * @return Job
     * @throws Exception\NotFoundException
     */
    public function job(int $id): array {}

    /** Cancels a waiting job at once, a running one at its next safe point. False when it has already ended. */
    public function cancelJob(int $id): bool {}

    /** Queues a failed, dead or cancelled job again. False when it is in no such state. */
    public function retryJob(int $id): bool {}

    /**
     * Takes jobs: with `once` until none is due, else for `seconds`.
     *
     * @param array{once?: bool, seconds?: float} $options
     */
    public function work(array $options = []): Task {}
}

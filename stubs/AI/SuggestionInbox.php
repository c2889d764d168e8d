<?php

namespace MesChain\AI;

/**
 * What the models propose for the catalogue, and what was decided about it (docs/ai-suggestions.md).
 *
 * Approving is three steps: begin() takes the suggestion, so that no second administrator can; the caller writes the value into the
 * catalogue through OpenCart; applied(), stale() or failed() says how that ended. What is taken and never finished comes back after ten
 * minutes.
 *
 * @phpstan-type By array{user_id?: int, user_name?: string}
 * @phpstan-type Suggestion array{suggestion_id: int, kind: 'category'|'price'|'reorder', product_id: int, marketplace_id: int,
 *   status: 'pending'|'applying'|'applied'|'undoing'|'undone'|'rejected'|'expired'|'failed', before: array, suggested: array,
 *   after: ?array, reason: array, confidence: ?float, expected_gain: ?float, model_version: ?string, changed: bool,
 *   valid_until: ?string, decided_by: ?int, decided_at: ?string, error: ?string, created_at: ?string}
 *   price: before and suggested hold `price` without tax, in the default currency; category: before `categories`, suggested `add` and
 *   `remove`, each a list of array{category_id: int, path: ?string}; reorder: `quantity` in stock and to order. expected_gain: profit
 *   a week in the default currency. Times: ISO 8601, UTC
 */
class SuggestionInbox
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * A page of the inbox, with product names and models in the shop's default language.
     *
     * @param array{kind?: string, status?: string, search?: string, sort?: 'gain'|'confidence'|'newest'|'product', page?: int,
     *   limit?: int} $filter search: part of a product's name or model; limit: 1 to 500, default 50
     * @return array{items: list<Suggestion>, total: int, counts: array<string, array<string, int|float>>} counts by kind and status;
     *   `gain`: what the waiting ones of the kind are expected to earn a week
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\DatabaseException
     */
    public function list(array $filter = []): array {}

    /**
     * @return Suggestion
     * @throws \MesChain\Exception\NotFoundException
     */
    public function get(int $id): array {}

    /**
     * Asks the models about the whole catalogue. Also the job `suggest`.
     *
     * @param array{kinds?: list<'category'|'price'|'reorder'>, limit?: int} $options limit: of each kind, default 1,000
     * @return \MesChain\Task result: array<string, array{new: int, refreshed: int, muted: int}> by kind; muted: refused in the last 30 days
     */
    public function generate(array $options = []): \MesChain\Task {}

    /**
     * @param By $by
     * @param ?array $value to be written instead of what was suggested; counts as changed
     * @return Suggestion with `after`, the value to write
     * @throws \MesChain\Exception\UnsupportedException when it does not wait any more
     */
    public function begin(int $id, array $by, ?array $value = null): array {}

    /**
     * @param ?array $after what was written, where it is not what begin() gave
     * @param By $by
     * @return Suggestion
     */
    public function applied(int $id, ?array $after, array $by): array {}

    /**
     * @param By $by
     * @return Suggestion
     */
    public function failed(int $id, string $message, array $by): array {}

    /**
     * The catalogue holds something else by now: nothing was written.
     *
     * @param By $by
     * @return Suggestion
     */
    public function stale(int $id, string $message, array $by): array {}

    /**
     * @param By $by
     * @return Suggestion
     * @throws \MesChain\Exception\UnsupportedException when it is not applied
     */
    public function beginUndo(int $id, array $by): array {}

    /**
     * @param By $by
     * @return Suggestion
     */
    public function undone(int $id, array $by): array {}

    /**
     * @param By $by
     * @return Suggestion
     */
    public function undoFailed(int $id, string $message, array $by): array {}

    /**
     * @param list<int> $ids at most 1,000
     * @param By $by
     * @return array{rejected: list<int>} those that were still waiting
     */
    public function reject(array $ids, array $by, string $note = ''): array {}

    /**
     * Who did what, newest first.
     *
     * @param array{suggestion_id?: int, page?: int, limit?: int} $filter
     * @return list<array{audit_id: int, action: string, suggestion_id: ?int, product_id: ?int, kind: ?string, user_id: ?int,
     *   user_name: string, before: ?array, after: ?array, detail: ?array, at: string}>
     */
    public function audit(array $filter = []): array {}
}

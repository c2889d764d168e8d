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
 *   valid_until: ?string, decided_by: ?int, decided_at: ?string, error: ?string, created_at: ?string, revision: int}
 *   price: before and suggested hold `price` without tax, in the default currency; category: before `categories`, suggested `add` and
 *   `remove`, each a list of array{category_id: int, path: ?string}; reorder: `quantity` in stock and to order. expected_gain: profit
 *   a week in the default currency. Times: ISO 8601, UTC. revision: another number says another proposal
 */
class SuggestionInbox
{
    /** @param null|string|array|object $settings see MesChain\Shop */
    public function __construct(mixed $settings = null) {}

    /**
     * A page of the inbox, with product names and models in the shop's default language. By `gain` what has none, orders of stock, comes by
     * what runs out first.
     *
     * @param array{kind?: string, status?: string, search?: string, sort?: 'gain'|'confidence'|'newest'|'product', page?: int,
     *   limit?: int} $filter search: part of a product's name or model; limit: 1 to 500, default 50
     * @return array{items: list<Suggestion>, total: int, counts: array<string, array<string, int|float>>} counts by kind and status;
     *   `gain`: what the waiting ones of the kind are expected to earn a week
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\DatabaseException
     */
    public function list(array $filter = []): array {}

    /**
     * All that fits the filter, on every page, as of one moment. begin() takes an item only while its revision holds.
     *
     * @param array{kind?: string, status?: string, search?: string, sort?: 'gain'|'confidence'|'newest'|'product'} $filter
     * @return array{items: list<array{suggestion_id: int, kind: string, product_id: int, name: ?string, revision: int}>, total: int,
     *   limit: int} items: in the order of `sort`, at most `limit` (5,000)
     * @throws \MesChain\Exception\ArgumentException|\MesChain\Exception\DatabaseException
     */
    public function selection(array $filter = []): array {}

    /**
     * Categories to put in place of the suggested one.
     *
     * @param string $search every word of it is in the category's path; empty finds none
     * @return array{alternatives: list<array{category_id: int, category: string, confidence: float, suggested: bool}>,
     *   found: list<array{category_id: int, path: string}>} alternatives: where the model would put the product, best first, at most
     *   five, none where it does not answer; found: by path, at most twenty
     * @throws \MesChain\Exception\NotFoundException|\MesChain\Exception\DatabaseException
     */
    public function categories(int $id, string $search): array {}

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
     * @param null|array{price: float}|array{quantity: float}|array{category_id: int} $value to be written instead of what was suggested;
     *   counts as changed. A price lies within the floor and ceiling of the settings; a category is one that the product is not in
     * @param ?int $revision taken only while the suggestion has it
     * @return Suggestion with `after`, the value to write, in the shape of `suggested`
     * @throws \MesChain\Exception\UnsupportedException when it does not wait any more, or says something else by now
     * @throws \MesChain\Exception\ArgumentException names the key of `value` that does not fit
     */
    public function begin(int $id, array $by, ?array $value = null, ?int $revision = null): array {}

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
     * @param array<int, int> $revisions by suggestion: refused only while it has this one
     * @return array{rejected: list<int>} those that were still waiting, and still said what was seen
     */
    public function reject(array $ids, array $by, string $note = '', array $revisions = []): array {}

    /**
     * Lets a refused suggestion wait again; the models may then propose the same anew.
     *
     * @param By $by
     * @param ?int $revision taken only while the suggestion has it
     * @return Suggestion
     * @throws \MesChain\Exception\UnsupportedException when it is not refused, says something else by now, or a newer one waits for the same
     *   product
     */
    public function reopen(int $id, array $by, ?int $revision = null): array {}

    /**
     * Who did what, newest first.
     *
     * @param array{suggestion_id?: int, page?: int, limit?: int} $filter
     * @return list<array{audit_id: int, action: string, suggestion_id: ?int, product_id: ?int, kind: ?string, user_id: ?int,
     *   user_name: string, before: ?array, after: ?array, detail: ?array, at: string}>
     */
    public function audit(array $filter = []): array {}
}

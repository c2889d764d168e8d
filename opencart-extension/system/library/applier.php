<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * Carries one suggestion into the catalogue and back. What the catalogue holds is compared first: a suggestion that no longer fits is
 * closed instead of overwriting what somebody else did.
 */
final class Applier
{
    /** Prices are stored with four decimals. */
    private const SAME_PRICE = 0.00005;

    private object $inbox;

    /** @param array{user_id:int,user_name:string} $by */
    public function __construct(private Catalogue $catalogue, private array $by)
    {
        $this->inbox = (new \MesChain\AI())->suggestions();
    }

    /** @return array the suggestion as it ended: applied, expired or failed */
    public function apply(int $id, ?array $value, ?int $revision = null): array
    {
        $taken = $this->inbox->begin($id, $this->by, $value, $revision);
        try {
            $wanted = $this->wanted($taken);
            if ($why = $this->differs($taken, $taken['before'])) {
                // Written before, by a page that did not live to say so, or by hand: nothing is left to write.
                return $this->differs($taken, $wanted) ? $this->inbox->stale($id, $why, $this->by) : $this->inbox->applied($id, null, $this->by);
            }
            $this->write($taken, $wanted);
        } catch (\Throwable $error) {
            $this->inbox->failed($id, $this->told($error), $this->by);
            throw $error;
        }

        // From here on the catalogue holds it: whatever happens, it must not be called a failure.
        return $this->inbox->applied($id, null, $this->by);
    }

    public function undo(int $id): array
    {
        $taken = $this->inbox->beginUndo($id, $this->by);
        try {
            if ($why = $this->differs($taken, $this->wanted($taken))) {
                return $this->inbox->undoFailed($id, $why, $this->by);
            }
            $this->write($taken, $taken['before']);
        } catch (\Throwable $error) {
            $this->inbox->undoFailed($id, $this->told($error), $this->by);
            throw $error;
        }

        return $this->inbox->undone($id, $this->by);
    }

    /** What the catalogue should hold afterwards, in the shape of `before`. */
    private function wanted(array $taken): array
    {
        if ($taken['kind'] !== 'category') {
            return $taken['after'];
        }
        $ids = array_diff($this->ids($taken['before']['categories']), $this->ids($taken['after']['remove'] ?? []));
        $ids = array_unique(array_merge($ids, $this->ids($taken['after']['add'] ?? [])));

        return ['categories' => array_map(static fn (int $id): array => ['category_id' => $id], array_values($ids))];
    }

    /** Why the catalogue is not as expected; empty when it is. */
    private function differs(array $taken, array $expected): string
    {
        if ($taken['kind'] === 'price') {
            $price = $this->catalogue->price($taken['product_id']);
            if ($price === null) {
                return 'product_gone';
            }
            if ($this->isSpecial($taken)) {
                // It was chosen to stay below this one, or hangs on it.
                if (isset($expected['list_price']) && abs($price - (float)$expected['list_price']) >= self::SAME_PRICE) {
                    return 'price_is ' . $price;
                }
                $special = $this->catalogue->special($taken['product_id']);
                if (!$special || $special['follows'] !== ($taken['before']['list_follows'] ?? null)) {
                    return 'special_gone';
                }
                $price = $special['price'];
            }

            return abs($price - (float)$expected['price']) < self::SAME_PRICE ? '' : 'price_is ' . $price;
        }
        if ($taken['kind'] === 'category') {
            $ids = $this->ids($expected['categories']);
            sort($ids);

            return $this->catalogue->categories($taken['product_id']) === $ids ? '' : 'categories_changed';
        }

        return '';
    }

    /** Whether it is about the price of a special, which stands beside the catalogue's. */
    private function isSpecial(array $taken): bool
    {
        return isset($taken['before']['list_price']);
    }

    /** A reorder is no change of the catalogue: it is written down as ordered. */
    private function write(array $taken, array $value): void
    {
        if ($taken['kind'] === 'price') {
            $set = $this->isSpecial($taken) ? 'setSpecial' : 'setPrice';
            $this->catalogue->$set($taken['product_id'], (float)$value['price']);
        } elseif ($taken['kind'] === 'category') {
            $this->catalogue->setCategories($taken['product_id'], $this->ids($value['categories']));
        }
    }

    /** @return list<int> */
    private function ids(array $rows): array
    {
        return array_map(static fn (array $row): int => (int)$row['category_id'], array_values($rows));
    }

    /** Messages of other people's exceptions may hold SQL: the log has them. */
    private function told(\Throwable $error): string
    {
        return $error instanceof Refusal || $error instanceof \MesChain\Exception\MesChainException ? $error->getMessage() : 'opencart_refused';
    }
}

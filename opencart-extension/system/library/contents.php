<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * All that the shop's tables hold of a product. OpenCart's form cannot hold everything its tables can, such as two addresses for one
 * language: what saving drops or alters is seen by reading before and after.
 */
final class Contents
{
    public function __construct(private object $db, private int $productId)
    {
    }

    /**
     * By table the rows, and by column the product's own row. Left out: numbers that OpenCart gives anew at each saving, and the time of the
     * saving.
     *
     * @param array{id: string, price: float, table: string, key: string}|null $special read as if its price were set
     * @return array<string, string|list<string>>
     */
    public function read(?array $special = null): array
    {
        $found = [];
        foreach ($this->tables() as $table => $names) {
            if ($special && $table === DB_PREFIX . $special['table']) {
                $set = "IF(`" . $special['key'] . "` = " . (int)$special['id'] . ", CAST(" . sprintf('%.4F', $special['price']) . " AS DECIMAL(15,4)), `price`) AS `price`";
                $names = str_replace('`price`', $set, $names);
            }
            // A reward of no points is none: saving drops such rows, which OpenCart's own sample products have.
            $only = $table === DB_PREFIX . 'product_reward' ? ' AND `points` > 0' : '';
            $rows = $this->db->query("SELECT " . implode(', ', $names) . " FROM `" . $table . "` WHERE `product_id` = " . $this->productId . $only)->rows;
            if ($table === DB_PREFIX . 'product') {
                foreach ($rows[0] ?? [] as $column => $value) {
                    $found[$table . '.' . $column] = (string)$value;
                }
            } else {
                $found[$table] = $this->lines($rows);
            }
        }
        $found['seo_url'] = $this->lines($this->db->query("SELECT `store_id`, `language_id`, `keyword` FROM `" . DB_PREFIX . "seo_url`"
            . " WHERE `key` = 'product_id' AND `value` = '" . $this->productId . "'")->rows);

        return $found;
    }

    /**
     * Whether anything that was there is not, or is something else. What came in addition is no loss: extensions write down who changed a
     * product.
     *
     * @param array<string, string|list<string>> $before as read, less what was to change
     * @param array<string, string|list<string>> $after
     */
    public static function isLost(array $before, array $after): bool
    {
        foreach ($before as $place => $content) {
            $now = $after[$place] ?? null;
            if (is_array($content) ? self::isMissing($content, (array)$now) : $content !== $now) {
                return true;
            }
        }

        return false;
    }

    /**
     * @param list<string> $lines
     * @param list<string> $among
     */
    private static function isMissing(array $lines, array $among): bool
    {
        $left = array_count_values($among);
        foreach (array_count_values($lines) as $line => $times) {
            if (($left[$line] ?? 0) < $times) {
                return true;
            }
        }

        return false;
    }

    /** @return array<string, list<string>> columns by table */
    private function tables(): array
    {
        $columns = $this->db->query("SELECT `TABLE_NAME` AS `table`, `COLUMN_NAME` AS `column`, `EXTRA` AS `extra` FROM `information_schema`.`COLUMNS`"
            . " WHERE `TABLE_SCHEMA` = DATABASE() AND `TABLE_NAME` LIKE '" . $this->db->escape(addcslashes(DB_PREFIX, '\\%_')) . "product%'")->rows;
        $tables = [];
        foreach ($columns as $row) {
            // Counters move with every visitor.
            if ($row['column'] === 'product_id' && !preg_match('/_(viewed|report)$/', $row['table'])) {
                $tables[$row['table']] ??= [];
            }
        }
        foreach ($columns as $row) {
            if (isset($tables[$row['table']]) && !str_contains(strtolower($row['extra']), 'auto_increment') && $row['column'] !== 'date_modified') {
                $tables[$row['table']][] = '`' . $row['column'] . '`';
            }
        }

        return array_filter($tables);
    }

    /**
     * Rows as texts. No text is an empty one: saving makes either of the other, as 4.1 does of the text of a choice.
     *
     * @return list<string>
     */
    private function lines(array $rows): array
    {
        return array_map(static fn (array $row): string => serialize(array_map('strval', $row)), $rows);
    }
}

<?php

namespace Opencart\Catalog\Model\Extension\Meschain\Module;

/** What the module reads from the shop's own tables. */
class MeschainRecommendations extends \Opencart\Catalog\Model\Catalog\Product
{
    private const COLUMNS = '`p`.`product_id`, `p`.`image`, `p`.`price`, `p`.`quantity`, `p`.`minimum`, `p`.`rating`, `p`.`tax_class_id`, `pd`.`name`, `pd`.`description`';

    private const LATEST_ORDERS = 1000;

    /**
     * What was in most of the latest orders, bounded whatever the shop's history: the answer where the models give none.
     *
     * @return list<int> best first
     */
    public function getPopular(int $limit): array
    {
        $rows = $this->db->query("SELECT `op`.`product_id` FROM `" . DB_PREFIX . "order_product` `op`"
            . " JOIN `" . DB_PREFIX . "order` `o` ON (`o`.`order_id` = `op`.`order_id` AND `o`.`order_status_id` > '0')"
            . " WHERE `op`.`order_id` > (SELECT COALESCE(MAX(`order_id`), 0) FROM `" . DB_PREFIX . "order`) - " . self::LATEST_ORDERS
            . " GROUP BY `op`.`product_id` ORDER BY COUNT(DISTINCT `op`.`order_id`) DESC, `op`.`product_id` LIMIT " . (int)$limit)->rows;

        return array_map('intval', array_column($rows, 'product_id'));
    }

    /**
     * Several at once: a query for each would be most of what the module costs. Without the DISTINCT of OpenCart's getProduct(): store and
     * language make a row unique, and the database took longer to hold the descriptions against each other than to read them.
     *
     * @param list<int> $ids
     * @return array<int, array<string, mixed>> by number; what is not sold in this store and language is left out
     */
    public function getProductsById(array $ids): array
    {
        if (!$ids) {
            return [];
        }
        $query = $this->db->query("SELECT " . self::COLUMNS . ", " . $this->statement['discount'] . ", " . $this->statement['special']
            . " FROM `" . DB_PREFIX . "product_to_store` `p2s`"
            . " JOIN `" . DB_PREFIX . "product` `p` ON (`p`.`product_id` = `p2s`.`product_id` AND `p`.`status` = '1' AND `p`.`date_available` <= NOW())"
            . " JOIN `" . DB_PREFIX . "product_description` `pd` ON (`pd`.`product_id` = `p`.`product_id` AND `pd`.`language_id` = '" . (int)$this->config->get('config_language_id') . "')"
            . " WHERE `p2s`.`store_id` = '" . (int)$this->config->get('config_store_id') . "' AND `p2s`.`product_id` IN (" . implode(',', array_map('intval', $ids)) . ")");
        $found = [];
        foreach ($query->rows as $row) {
            $row['price'] = (float)($row['discount'] ?: $row['price']);
            $found[(int)$row['product_id']] = $row;
        }

        return $found;
    }
}

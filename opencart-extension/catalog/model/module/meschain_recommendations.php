<?php

namespace Opencart\Catalog\Model\Extension\Meschain\Module;

/** Several products at once, as OpenCart's getProduct() gives one: a query for each would be most of what the module costs. */
class MeschainRecommendations extends \Opencart\Catalog\Model\Catalog\Product
{
    /**
     * @param list<int> $ids
     * @return array<int, array<string, mixed>> by number; what is not sold in this store and language is left out
     */
    public function getProductsById(array $ids): array
    {
        if (!$ids) {
            return [];
        }
        $query = $this->db->query("SELECT DISTINCT *, `pd`.`name`, `p`.`image`, " . $this->statement['discount'] . ", " . $this->statement['special']
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

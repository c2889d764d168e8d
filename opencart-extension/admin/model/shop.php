<?php

namespace Opencart\Admin\Model\Extension\Meschain;

/** The few lists that our pages need for filters and for finding a product. Figures come from the native classes. */
class Shop extends \Opencart\System\Engine\Model
{
    /** @return list<array{store_id:int,name:string}> the default store first */
    public function getStores(): array
    {
        $stores = [['store_id' => 0, 'name' => (string)$this->config->get('config_name')]];
        $query = $this->db->query("SELECT `store_id`, `name` FROM `" . DB_PREFIX . "store` ORDER BY `name`");
        foreach ($query->rows as $row) {
            $stores[] = ['store_id' => (int)$row['store_id'], 'name' => $row['name']];
        }

        return $stores;
    }

    /** @return list<array{marketplace_id:int,code:string,name:string}> empty before MesChain's tables exist */
    public function getMarketplaces(): array
    {
        if (!$this->db->query("SHOW TABLES LIKE 'meschain\\_marketplaces'")->num_rows) {
            return [];
        }
        $query = $this->db->query("SELECT `marketplace_id`, `code`, `marketplace_name` FROM `meschain_marketplaces` ORDER BY `sort_order`, `marketplace_id`");

        return array_map(
            static fn (array $row): array => ['marketplace_id' => (int)$row['marketplace_id'], 'code' => $row['code'], 'name' => $row['marketplace_name']],
            $query->rows
        );
    }

    /** @return list<array{product_id:int,name:string,model:string,price:string,quantity:int,status:int}> */
    public function getProducts(string $search, int $start, int $limit): array
    {
        $query = $this->db->query(
            "SELECT p.`product_id`, pd.`name`, p.`model`, p.`price`, p.`quantity`, p.`status`" . $this->matching($search)
            . " ORDER BY pd.`name`, p.`product_id` LIMIT " . max(0, $start) . "," . max(1, $limit)
        );

        return $query->rows;
    }

    public function getTotalProducts(string $search): int
    {
        $query = $this->db->query("SELECT COUNT(*) AS `total`" . $this->matching($search));

        return (int)$query->row['total'];
    }

    /** @return array{code:string,symbol_left:string,symbol_right:string,decimals:int} the shop's default currency */
    public function getCurrency(): array
    {
        $code = (string)$this->config->get('config_currency');
        $query = $this->db->query(
            "SELECT `code`, `symbol_left`, `symbol_right`, `decimal_place` FROM `" . DB_PREFIX . "currency` WHERE "
            . ($code === '' ? "`value` = 1" : "`code` = '" . $this->db->escape($code) . "'") . " LIMIT 1"
        );
        $row = $query->row + ['code' => $code, 'symbol_left' => '', 'symbol_right' => '', 'decimal_place' => '2'];

        return [
            'code'         => $row['code'],
            'symbol_left'  => $row['symbol_left'],
            'symbol_right' => $row['symbol_right'],
            'decimals'     => (int)$row['decimal_place'],
        ];
    }

    /**
     * Products by their name in the page's language, else in the first one that they are described in.
     *
     * @param string $search plain text; names in the database are HTML, so both spellings are looked for
     */
    private function matching(string $search): string
    {
        $sql = " FROM `" . DB_PREFIX . "product` p JOIN `" . DB_PREFIX . "product_description` pd"
            . " ON pd.`product_id` = p.`product_id` AND pd.`language_id` = (SELECT o.`language_id` FROM `" . DB_PREFIX . "product_description` o"
            . " WHERE o.`product_id` = p.`product_id` ORDER BY o.`language_id` = " . (int)$this->config->get('config_language_id')
            . " DESC, o.`language_id` LIMIT 1)";
        if ($search === '') {
            return $sql;
        }
        $likes = [];
        foreach (array_unique([$search, htmlspecialchars($search, ENT_COMPAT, 'UTF-8')]) as $spelling) {
            $like = "'%" . $this->db->escape(addcslashes($spelling, '\\%_')) . "%'";
            $likes[] = "pd.`name` LIKE " . $like . " OR p.`model` LIKE " . $like;
        }
        if (ctype_digit($search)) {
            $likes[] = "p.`product_id` = " . (int)$search;
        }

        return $sql . " WHERE (" . implode(' OR ', $likes) . ")";
    }
}

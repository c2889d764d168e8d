<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * Writes a price, that of a special, or a product's categories through OpenCart's own product model, so that OpenCart's events fire and its caches are
 * cleared as when the product form is saved.
 *
 * 4.0 has only editProduct(), which writes the whole product anew and empties what it is not given. It is therefore given everything
 * the product form gives, read through the model's own getters. 4.1 is treated the same: its finer methods clear no cache.
 */
final class Catalogue
{
    private const MODEL = 'Opencart\Admin\Model\Catalog\Product';

    /** What editProduct() takes beside the product's own row, and who reads it. A version without the reader has no such part. */
    private const PARTS = [
        'product_description'  => 'getDescriptions',
        'product_code'         => 'getCodes',
        'product_category'     => 'getCategories',
        'product_filter'       => 'getFilters',
        'product_attribute'    => 'getAttributes',
        'product_option'       => 'getOptions',
        'product_subscription' => 'getSubscriptions',
        'product_discount'     => 'getDiscounts',
        'product_special'      => 'getSpecials',
        'product_image'        => 'getImages',
        'product_reward'       => 'getRewards',
        'product_download'     => 'getDownloads',
        'product_store'        => 'getStores',
        'product_seo_url'      => 'getSeoUrls',
        'product_layout'       => 'getLayouts',
        'product_related'      => 'getRelated',
    ];

    /** Where the tables hold what is asked for here. */
    private const PLACES = ['price' => 'product.price', 'override' => 'product.override', 'product_category' => 'product_to_category'];

    public function __construct(private \Opencart\System\Engine\Registry $registry)
    {
    }

    /** Whether the host is an OpenCart. The console has no catalogue to write to. */
    public static function here(): bool
    {
        return defined('DIR_APPLICATION') && is_file(DIR_APPLICATION . 'model/catalog/product.php');
    }

    public function price(int $productId): ?float
    {
        $product = $this->model()->getProduct($productId);

        return $product ? (float)$product['price'] : null;
    }

    /**
     * What the shop's usual customers pay now by a special. One that takes a share or an amount off hangs on the catalogue's price.
     *
     * @return array{price: float, follows: 'share'|'amount'|null}|null
     */
    public function special(int $productId): ?array
    {
        [$special, $price] = [$this->specialNow($productId), $this->price($productId)];
        if (!$special || $price === null) {
            return null;
        }
        $off = (float)$special['price'];

        return match ($special['type']) {
            'P'     => ['price' => $price - $price * $off / 100, 'follows' => 'share'],
            'S'     => ['price' => $price - $off, 'follows' => 'amount'],
            default => ['price' => $off, 'follows' => null],
        };
    }

    /** @return list<int> ascending */
    public function categories(int $productId): array
    {
        $ids = array_map('intval', $this->model()->getCategories($productId));
        sort($ids);

        return $ids;
    }

    public function setPrice(int $productId, float $price): void
    {
        $this->set($productId, 'price', $price, $this->price(...));
    }

    /** So that the special costs this: its own row, or the catalogue's price that it hangs on. */
    public function setSpecial(int $productId, float $price): void
    {
        $special = $this->specialNow($productId) ?? throw Refusal::missing();
        match ($special['type']) {
            'P'     => $this->setPrice($productId, round($price / (1 - $special['price'] / 100), 4)),
            'S'     => $this->setPrice($productId, round($price + $special['price'], 4)),
            default => $this->transact([$productId], fn () => $this->edit($productId, [], $special['table'], ['price' => $price] + $special)),
        };
    }

    /** @param list<int> $ids */
    public function setCategories(int $productId, array $ids): void
    {
        $this->set($productId, 'product_category', $ids, $this->categories(...));
    }

    /** Versions of the product that take this from it follow at once, as when its form is saved. */
    private function set(int $productId, string $part, mixed $value, callable $held): void
    {
        $versions = $this->versions($productId, $part, $held);
        $this->transact([$productId, ...$versions], function () use ($productId, $part, $value, $held, $versions): void {
            $follow = array_intersect($versions, $this->versions($productId, $part, $held));
            $this->edit($productId, [$part => $value], $part);
            foreach ($follow as $version) {
                $this->edit($version, [$part => $value]);
            }
        });
    }

    /**
     * Versions of a product (OpenCart's variants) that do not call this their own, and hold what the product holds.
     *
     * @return list<int>
     */
    private function versions(int $productId, string $part, callable $held): array
    {
        $rows = $this->registry->get('db')->query("SELECT `product_id`, `override` FROM `" . DB_PREFIX . "product` WHERE `master_id` = " . $productId)->rows;
        $follow = array_filter($rows, static fn (array $row): bool => empty(json_decode((string)$row['override'], true)[$part]));
        $ids = array_map('intval', array_column($follow, 'product_id'));
        $own = $ids ? $held($productId) : null;

        return array_values(array_filter($ids, static fn (int $id): bool => $held($id) === $own));
    }

    /**
     * The special that OpenCart asks for now, of the shop's default customer group, and where it stands.
     *
     * @return array{id: string, price: string, type: string, table: string, key: string}|null
     */
    private function specialNow(int $productId): ?array
    {
        // Since 4.1 specials stand among the discounts, and may be a share (P) or an amount (S) off the price.
        $old = method_exists(self::MODEL, 'getSpecials');
        [$table, $key, $type, $only] = $old
            ? ['product_special', 'product_special_id', "'F'", '']
            : ['product_discount', 'product_discount_id', '`type`', ' AND `quantity` = 1 AND `special` = 1'];
        $row = $this->registry->get('db')->query("SELECT `" . $key . "` AS `id`, `price`, " . $type . " AS `type` FROM `" . DB_PREFIX . $table . "`"
            . " WHERE `product_id` = " . $productId . " AND `customer_group_id` = " . (int)$this->registry->get('config')->get('config_customer_group_id') . $only
            . " AND (`date_start` = '0000-00-00' OR `date_start` < NOW()) AND (`date_end` = '0000-00-00' OR `date_end` > NOW())"
            . " ORDER BY `priority`, `price` LIMIT 1")->row;

        return $row ? $row + ['table' => $table, 'key' => $key] : null;
    }

    /** @param list<int> $ids of the products that are written */
    private function transact(array $ids, callable $work): void
    {
        $db = $this->registry->get('db');
        $db->query('START TRANSACTION');
        try {
            $this->hold($ids);
            $work();
            $db->query('COMMIT');
        } catch (\Throwable $error) {
            $db->query('ROLLBACK');
            throw $error;
        }
    }

    /**
     * @param string|null $own what a version of a product has of its own from now on: it would take all else from that product whenever one
     *                         of them is saved
     * @param array{id: string, price: float, table: string, key: string}|null $special of which the price is to be set
     */
    private function edit(int $productId, array $changes, ?string $own = null, ?array $special = null): void
    {
        $data = $this->complete($productId);
        foreach ($special ? array_keys($data[$special['table']]) : [] as $at) {
            if ($data[$special['table']][$at][$special['key']] == $special['id']) {
                $data[$special['table']][$at]['price'] = $special['price'];
            }
        }
        if ($own && (int)($data['master_id'] ?? 0) && empty($data['override'][$own])) {
            $changes['override'] = [$own => '1'] + (array)$data['override'];
        }
        // What is to be there afterwards, as far as the special goes.
        $contents = new Contents($this->registry->get('db'), $productId);
        $before = $contents->read($special);
        $relations = $this->relations($productId);
        $this->model()->editProduct($productId, $changes + $data);
        $this->relate($productId, $relations);
        foreach (array_intersect_key(self::PLACES, $changes) as $place) {
            unset($before[DB_PREFIX . $place]);
        }
        if (Contents::isLost($before, $contents->read())) {
            throw Refusal::loss();
        }
    }

    /**
     * Keeps orders from the products' stock until the end of the transaction. Saving writes the whole product anew: a piece sold since
     * it was read would be back on the shelf. Comes before the first plain read, which fixes what the transaction sees.
     *
     * @param list<int> $ids
     */
    private function hold(array $ids): void
    {
        foreach (['product', 'product_option_value'] as $table) {
            $this->registry->get('db')->query("SELECT `quantity` FROM `" . DB_PREFIX . $table . "` WHERE `product_id` IN (" . implode(', ', $ids) . ") FOR UPDATE");
        }
    }

    /** @return list<array{int, int}> which products point to which, with this one at either end */
    private function relations(int $productId): array
    {
        $rows = $this->registry->get('db')->query("SELECT `product_id`, `related_id` FROM `" . DB_PREFIX . "product_related`"
            . " WHERE `product_id` = " . $productId . " OR `related_id` = " . $productId . " ORDER BY `product_id`, `related_id`")->rows;

        return array_map(static fn (array $row): array => [(int)$row['product_id'], (int)$row['related_id']], $rows);
    }

    /** Saving makes every relation mutual and drops those that only point here: they are put back as they were. */
    private function relate(int $productId, array $relations): void
    {
        if ($this->relations($productId) === $relations) {
            return;
        }
        $db = $this->registry->get('db');
        $db->query("DELETE FROM `" . DB_PREFIX . "product_related` WHERE `product_id` = " . $productId . " OR `related_id` = " . $productId);
        foreach ($relations as [$from, $to]) {
            $db->query("INSERT INTO `" . DB_PREFIX . "product_related` SET `product_id` = " . $from . ", `related_id` = " . $to);
        }
    }

    /** Everything the product form posts for this product. */
    private function complete(int $productId): array
    {
        $data = $this->model()->getProduct($productId);
        if (!$data) {
            throw Refusal::missing();
        }
        foreach (['variant', 'override'] as $key) {
            if (is_string($data[$key] ?? null)) {
                $data[$key] = json_decode($data[$key], true) ?: [];
            }
        }
        foreach (self::PARTS as $key => $reader) {
            if (method_exists(self::MODEL, $reader)) {
                $data[$key] = $this->model()->$reader($productId);
            }
        }
        $data['product_option'] = $this->options($productId, $data['product_option']);

        return $data;
    }

    /** As the tables hold them: 4.1's reader writes out times, and gives every option a list of values, at which its writer drops the text. */
    private function options(int $productId, array $options): array
    {
        $rows = $this->registry->get('db')->query("SELECT `product_option_id`, `value` FROM `" . DB_PREFIX . "product_option` WHERE `product_id` = " . $productId)->rows;
        $texts = array_column($rows, 'value', 'product_option_id');
        foreach ($options as $at => $option) {
            if (empty($option['product_option_value'])) {
                unset($options[$at]['product_option_value']);
                $options[$at]['value'] = (string)($texts[$option['product_option_id']] ?? $option['value']);
            }
        }

        return $options;
    }

    private function model(): object
    {
        $this->registry->get('load')->model('catalog/product');
        $this->registry->get('load')->model('design/seo_url');

        return $this->registry->get('model_catalog_product');
    }
}

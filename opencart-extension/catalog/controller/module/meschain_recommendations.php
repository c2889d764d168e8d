<?php

namespace Opencart\Catalog\Controller\Extension\Meschain\Module;

/**
 * "Related", "bought together" and "for you" in the shop. The models say which products; names, prices, taxes, special offers and
 * the cart's buttons are OpenCart's own. What was drawn is kept for some minutes for everybody who sees the same prices. Whatever
 * fails (no extension, no model, no database) leads to OpenCart's newest products or to nothing, never to an error.
 */
class MeschainRecommendations extends \Opencart\System\Engine\Controller
{
    private const KINDS = ['auto', 'related', 'together', 'for_you', 'basket', 'trending'];
    private const SECONDS = 600;
    /** More are asked for than shown: some may not be sold in this store or language. */
    private const SPARE = 2;
    private const MOST = 24;
    private const MOST_BASKET = 50;

    /** @param array<string, mixed> $setting of this instance of the module */
    public function index(array $setting): string
    {
        try {
            $this->load->language('extension/meschain/module/meschain_recommendations');
            $limit = max(1, min(self::MOST, (int)($setting['limit'] ?? 4)));
            [$kind, $subject] = $this->question((string)($setting['kind'] ?? 'auto'));

            return $this->kept($this->key($setting, $kind, $subject, $limit), fn (): string => $this->drawn($setting, $kind, $subject, $limit));
        } catch (\Throwable $error) {
            $this->log->write('MesChain recommendations: ' . $error->getMessage());

            return '';
        }
    }

    /** @return array{string, int|list<int>} what is asked, and about which product, customer or basket */
    private function question(string $kind): array
    {
        $kind = in_array($kind, self::KINDS, true) ? $kind : 'auto';
        $product = (int)($this->request->get['product_id'] ?? 0);
        $basket = fn (): array => $this->basket();
        if ($kind === 'auto') {
            $kind = $product ? 'related' : ($this->customer->isLogged() ? 'for_you' : 'basket');
        }
        if ($kind === 'related' || $kind === 'together') {
            return $product ? [$kind, $product] : ['trending', 0];
        }
        if ($kind === 'for_you' && $this->customer->isLogged()) {
            return ['for_you', (int)$this->customer->getId()];
        }
        if ($kind === 'for_you' || $kind === 'basket') {
            $ids = $basket();

            return $ids ? ['basket', $ids] : ['trending', 0];
        }

        return ['trending', 0];
    }

    /** @return list<int> ascending, so that the same basket is the same key */
    private function basket(): array
    {
        $ids = array_unique(array_map(static fn (array $row): int => (int)$row['product_id'], $this->cart->getProducts()));
        sort($ids);

        return array_slice($ids, 0, self::MOST_BASKET);
    }

    private function drawn(array $setting, string $kind, int|array $subject, int $limit): string
    {
        $rows = [];
        foreach ($this->ids($kind, $subject, $limit * self::SPARE) as $id) {
            $row = $this->product($id);
            if ($row) {
                $rows[] = $row;
            }
            if (count($rows) === $limit) {
                break;
            }
        }
        if (!$rows) {
            $kind = 'newest';
            $rows = $this->newest($limit);
        }
        if (!$rows) {
            return '';
        }

        return $this->load->view('extension/meschain/module/meschain_recommendations', [
            'heading_title' => $this->language->get('heading_' . $kind),
            'axis'          => $setting['axis'] ?? 'horizontal',
            'products'      => array_map(fn (array $row): string => $this->load->controller('product/thumb', $this->thumb($row, $setting)), $rows),
        ]);
    }

    /** @return list<int> best first; empty where there is no answer */
    private function ids(string $kind, int|array $subject, int $limit): array
    {
        if (!class_exists(\MesChain\AI::class, false)) {
            return [];
        }
        try {
            $engine = (new \MesChain\AI())->recommendationEngine();
            $options = ['limit' => $limit];
            $found = match ($kind) {
                'related'  => $engine->similar($subject, $options),
                'together' => $engine->boughtTogether([$subject], $options),
                'for_you'  => $engine->recommend($subject, $options),
                'basket'   => $engine->forBasket($subject, $options),
                default    => $engine->trending($options),
            };

            return array_column($found, 'product_id');
        } catch (\Throwable $error) {
            $this->log->write('MesChain recommendations: ' . $error->getMessage());

            return [];
        }
    }

    /** What may be sold here, as OpenCart's own model has it. */
    private function product(int $id): array
    {
        $this->load->model('catalog/product');
        $row = $this->model_catalog_product->getProduct($id);
        $sellable = $row && ((int)$row['quantity'] > 0 || $this->config->get('config_stock_checkout'));

        return $sellable ? $row : [];
    }

    private function newest(int $limit): array
    {
        $this->load->model('catalog/product');

        return array_values($this->model_catalog_product->getProducts(['sort' => 'p.date_added', 'order' => 'DESC', 'start' => 0, 'limit' => $limit]));
    }

    private function thumb(array $row, array $setting): array
    {
        $this->load->model('tool/image');
        $image = $row['image'] && is_file(DIR_IMAGE . html_entity_decode($row['image'], ENT_QUOTES, 'UTF-8'))
            ? html_entity_decode($row['image'], ENT_QUOTES, 'UTF-8') : 'placeholder.png';
        $currency = $this->session->data['currency'];
        $shown = $this->customer->isLogged() || !$this->config->get('config_customer_price');
        $special = (float)($row['special'] ?? 0);
        $with_tax = fn (float $amount): string => $this->currency->format($this->tax->calculate($amount, $row['tax_class_id'], $this->config->get('config_tax')), $currency);
        $text = trim(strip_tags(html_entity_decode((string)$row['description'], ENT_QUOTES, 'UTF-8')));

        return [
            'product_id'  => $row['product_id'],
            'thumb'       => $this->model_tool_image->resize($image, max(1, (int)($setting['width'] ?? 200)), max(1, (int)($setting['height'] ?? 200))),
            'name'        => $row['name'],
            'description' => oc_substr($text, 0, (int)$this->config->get('config_product_description_length')) . '..',
            'price'       => $shown ? $with_tax((float)$row['price']) : false,
            'special'     => $shown && $special ? $with_tax($special) : false,
            'tax'         => $shown && $this->config->get('config_tax') ? $this->currency->format($special ?: (float)$row['price'], $currency) : false,
            'minimum'     => max(1, (int)$row['minimum']),
            'rating'      => $row['rating'],
            'href'        => $this->url->link('product/product', 'language=' . $this->config->get('config_language') . '&product_id=' . $row['product_id']),
        ];
    }

    /** The native cache where there is one: a hit costs less than a tenth of a millisecond; else OpenCart's own. */
    private function kept(string $key, callable $draw): string
    {
        if (class_exists(\MesChain\Performance::class, false)) {
            return (string)(new \MesChain\Performance())->cache()->remember('storefront.' . $key, $draw, self::SECONDS);
        }
        $kept = $this->cache->get('meschain.' . $key);
        if (!is_string($kept)) {
            $kept = $draw();
            $this->cache->set('meschain.' . $key, $kept, self::SECONDS);
        }

        return $kept;
    }

    /** Everything that what is drawn depends on. Shops on one cache differ by database and prefix. */
    private function key(array $setting, string $kind, int|array $subject, int $limit): string
    {
        return hash('sha256', json_encode([
            DB_DATABASE, DB_PREFIX, (int)$this->config->get('config_store_id'), $this->config->get('config_language'), $this->session->data['currency'],
            (int)$this->config->get('config_customer_group_id'), $this->customer->isLogged(), $kind, $subject, $limit,
            $setting['axis'] ?? '', $setting['width'] ?? '', $setting['height'] ?? '',
            $this->session->data['shipping_address']['country_id'] ?? 0, $this->session->data['shipping_address']['zone_id'] ?? 0,
            $this->session->data['payment_address']['country_id'] ?? 0, $this->session->data['payment_address']['zone_id'] ?? 0,
        ]));
    }
}

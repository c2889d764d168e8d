<?php

namespace Opencart\Catalog\Controller\Extension\Meschain\Module;

use Opencart\System\Library\Extension\Meschain\Kept;

/**
 * "Related", "bought together" and "for you" in the shop. The models say which products; names, prices, taxes, special offers and
 * the cart's buttons are OpenCart's own. Three things are kept for some minutes: what was drawn for a question, each product's card,
 * which all modules and all shoppers who see the same prices share, and the section around the cards, so that a question that is new is put
 * together from what is there. Whatever fails (no extension, no model, one that is refused) leads to what sells, to OpenCart's newest products or to nothing,
 * never to an error.
 */
class MeschainRecommendations extends \Opencart\System\Engine\Controller
{
    private const KINDS = ['auto', 'related', 'together', 'for_you', 'basket', 'trending'];
    private const SECONDS = 600;
    /** More are asked for than shown: some may not be sold in this store or language. */
    private const SPARE = 2;
    private const MOST = 24;
    private const MOST_BASKET = 50;
    /** Kept where there is nothing to show: OpenCart's own cache takes an empty text for nothing kept. */
    private const NOTHING = '-';

    /** @param array<string, mixed> $setting of this instance of the module */
    public function index(array $setting): string
    {
        try {
            $limit = max(1, min(self::MOST, (int)($setting['limit'] ?? 4)));
            $question = $this->question((string)($setting['kind'] ?? 'auto'));
            $kept = new Kept($this->cache, 'meschain.storefront.', self::SECONDS);
            $key = $this->key([...$question, $limit, $setting['axis'] ?? ''], $setting);
            [$html] = $kept->get([$key]);
            if (!is_string($html)) {
                $html = $this->section($kept, $question, $limit, $setting);
                $kept->add([$key => $html]);
                $kept->write();
            }

            return $html === self::NOTHING ? '' : $html;
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

    /** @param array{string, int|list<int>} $question */
    private function section(Kept $kept, array $question, int $limit, array $setting): string
    {
        [$kind, $ids] = $this->answer($question[0], $question[1], $limit * self::SPARE);
        $cards = $this->cards($kept, $ids, $limit, $setting);
        if (!$cards && $kind !== 'newest') {
            [$kind, $cards] = ['newest', $this->cards($kept, $this->newest($limit), $limit, $setting)];
        }

        return $cards ? $this->framed($kept, $kind, $cards, $setting) : self::NOTHING;
    }

    /**
     * The cards in their section, which is drawn once for all questions of a kind, with places for as many cards. Where a template or another
     * extension does more with the cards than to print them, each section is drawn with its own.
     *
     * @param list<string> $cards
     */
    private function framed(Kept $kept, string $kind, array $cards, array $setting): string
    {
        $places = array_map(static fn (int $at): string => '<!--meschain-card-' . $at . '-->', array_keys($cards));
        $filled = array_combine($places, $cards);
        $key = $this->key(['frame', $kind, count($cards), $setting['axis'] ?? ''], $setting);
        [$frame] = $kept->get([$key]);
        if (is_string($frame) && $frame !== self::NOTHING) {
            return strtr($frame, $filled);
        }
        $html = $this->drawnSection($kind, $cards, $setting);
        if (!is_string($frame)) {
            $frame = $this->drawnSection($kind, $places, $setting);
            $kept->add([$key => strtr($frame, $filled) === $html ? $frame : self::NOTHING]);
        }

        return $html;
    }

    /** @param list<string> $products */
    private function drawnSection(string $kind, array $products, array $setting): string
    {
        $this->load->language('extension/meschain/module/meschain_recommendations');

        return $this->load->view('extension/meschain/module/meschain_recommendations', [
            'heading_title' => $this->language->get('heading_' . $kind),
            'axis'          => $setting['axis'] ?? 'horizontal',
            'products'      => $products,
        ]);
    }

    /**
     * The models' answer; where they have none, what sells, by them or by the shop's orders; where nothing sells, the newest.
     *
     * @return array{string, list<int>} what is shown, and which products, best first
     */
    private function answer(string $kind, int|array $subject, int $limit): array
    {
        foreach ($kind === 'trending' ? ['trending'] : [$kind, 'trending'] as $try) {
            $found = $this->recommended($try, $subject, $limit);
            $ids = $this->others(array_column($found, 'product_id'), $kind, $subject);
            if ($ids) {
                // Without a model every question is answered by what sells: it is called so.
                $popular = !array_diff(array_column($found, 'reason'), ['popular']);

                return [$popular ? 'trending' : $try, $ids];
            }
        }

        $ids = $this->others($this->popular($limit), $kind, $subject);

        return $ids ? ['trending', $ids] : ['newest', $this->newest($limit)];
    }

    /**
     * Without what is looked at or in the basket.
     *
     * @param list<int> $ids
     * @return list<int>
     */
    private function others(array $ids, string $kind, int|array $subject): array
    {
        return $kind === 'for_you' ? $ids : array_values(array_diff($ids, (array)$subject));
    }

    /** @return list<array{product_id: int, reason: string}> best first; empty where there is no answer */
    private function recommended(string $kind, int|array $subject, int $limit): array
    {
        if (!class_exists(\MesChain\AI::class, false)) {
            return [];
        }
        try {
            $engine = (new \MesChain\AI())->recommendationEngine();
            $options = ['limit' => $limit, 'store_id' => (int)$this->config->get('config_store_id')];

            return match ($kind) {
                'related'  => $engine->similar($subject, $options),
                'together' => $engine->boughtTogether([$subject], $options),
                'for_you'  => $engine->recommend($subject, $options),
                'basket'   => $engine->forBasket($subject, $options),
                default    => $engine->trending($options),
            };
        } catch (\Throwable $error) {
            $this->log->write('MesChain recommendations: ' . $error->getMessage());

            return [];
        }
    }

    /**
     * The first `limit` of these products that may be sold here, drawn. Only those that are missing and needed are drawn anew.
     *
     * @param list<int> $ids best first
     * @return list<string>
     */
    private function cards(Kept $kept, array $ids, int $limit, array $setting): array
    {
        if (!$ids) {
            return [];
        }
        $shared = $this->key([], $setting);
        $keys = array_map(static fn (int $id): string => $shared . '.' . $id, $ids);
        $cards = array_combine($ids, $kept->get($keys));
        $keys = array_combine($ids, $keys);
        while (true) {
            $shown = array_slice(array_filter($cards, static fn (?string $card): bool => $card !== self::NOTHING), 0, $limit, true);
            $missing = array_keys($shown, null, true);
            if (!$missing) {
                return array_values($shown);
            }
            $fresh = $this->drawn($missing, $setting);
            $kept->add(array_combine(array_map(static fn (int $id): string => $keys[$id], $missing), $fresh));
            $cards = array_replace($cards, array_combine($missing, $fresh));
        }
    }

    /**
     * @param list<int> $ids
     * @return list<string> in their order
     */
    private function drawn(array $ids, array $setting): array
    {
        $this->load->model('extension/meschain/module/meschain_recommendations');
        $this->load->model('tool/image');
        $rows = $this->model_extension_meschain_module_meschain_recommendations->getProductsById($ids);

        return array_map(function (int $id) use ($rows, $setting): string {
            $row = $rows[$id] ?? null;
            $sellable = $row && ((int)$row['quantity'] > 0 || $this->config->get('config_stock_checkout'));

            return $sellable ? $this->load->controller('product/thumb', $this->thumb($row, $setting)) : self::NOTHING;
        }, $ids);
    }

    /** @return list<int> what sells, by the shop's own tables */
    private function popular(int $limit): array
    {
        $this->load->model('extension/meschain/module/meschain_recommendations');

        return $this->model_extension_meschain_module_meschain_recommendations->getPopular($limit);
    }

    /** @return list<int> */
    private function newest(int $limit): array
    {
        $this->load->model('catalog/product');
        $rows = $this->model_catalog_product->getProducts(['sort' => 'p.date_added', 'order' => 'DESC', 'start' => 0, 'limit' => $limit]);

        return array_map('intval', array_column($rows, 'product_id'));
    }

    private function thumb(array $row, array $setting): array
    {
        $image = $row['image'] && is_file(DIR_IMAGE . html_entity_decode($row['image'], ENT_QUOTES, 'UTF-8'))
            ? html_entity_decode($row['image'], ENT_QUOTES, 'UTF-8') : 'placeholder.png';
        $currency = $this->session->data['currency'];
        $shown = $this->customer->isLogged() || !$this->config->get('config_customer_price');
        $special = (float)($row['special'] ?? 0);
        $with_tax = fn (float $amount): string => $this->currency->format($this->tax->calculate($amount, $row['tax_class_id'], $this->config->get('config_tax')), $currency);
        $text = trim(strip_tags(html_entity_decode((string)$row['description'], ENT_QUOTES, 'UTF-8')));

        return [
            'product_id'  => (int)$row['product_id'],
            'thumb'       => $this->model_tool_image->resize($image, max(1, (int)($setting['width'] ?? 200)), max(1, (int)($setting['height'] ?? 200))),
            'name'        => $this->escaped((string)$row['name']),
            'description' => $this->escaped(oc_substr($text, 0, (int)$this->config->get('config_product_description_length')) . '..'),
            'price'       => $shown ? $with_tax((float)$row['price']) : false,
            'special'     => $shown && $special ? $with_tax($special) : false,
            'tax'         => $shown && $this->config->get('config_tax') ? $this->currency->format($special ?: (float)$row['price'], $currency) : false,
            'minimum'     => max(1, (int)$row['minimum']),
            'rating'      => (float)$row['rating'],
            'href'        => $this->url->link('product/product', 'language=' . $this->config->get('config_language') . '&product_id=' . $row['product_id']),
        ];
    }

    /** OpenCart's card prints as it is what OpenCart's forms have escaped; what came by an import or a feed has passed no form. */
    private function escaped(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8', false);
    }

    /** Everything that a card, or what answers a question, depends on. Shops on one cache differ by database and prefix. */
    private function key(array $of, array $setting): string
    {
        return substr(hash('sha256', json_encode([
            DB_DATABASE, DB_PREFIX, (int)$this->config->get('config_store_id'), $this->config->get('config_language'), $this->session->data['currency'],
            (int)$this->config->get('config_customer_group_id'), $this->customer->isLogged(), $of, $setting['width'] ?? '', $setting['height'] ?? '',
            $this->session->data['shipping_address']['country_id'] ?? 0, $this->session->data['shipping_address']['zone_id'] ?? 0,
            $this->session->data['payment_address']['country_id'] ?? 0, $this->session->data['payment_address']['zone_id'] ?? 0,
        ])), 0, 40);
    }
}

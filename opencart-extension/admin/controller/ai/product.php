<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** Find a product; see its suggested category and price, its forecast, and what goes with it. Changes nothing. */
class Product extends Page
{
    protected const ROUTE = 'ai/product';

    private const PAGE_SIZE = 20;
    private const HORIZON_WEEKS = 4;

    /** Prices to simulate, as parts of the present one: 70 % to 130 % in steps of 5. */
    private const PRICE_STEPS = [0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 1.00, 1.05, 1.10, 1.15, 1.20, 1.25, 1.30];

    public function index(): void
    {
        $this->page('index', [], function (): array {
            $this->load->model('extension/meschain/shop');
            $shop = $this->model_extension_meschain_shop;
            $search = trim($this->get('search'));
            $total = $shop->getTotalProducts($search);
            $pages = max(1, (int)ceil($total / self::PAGE_SIZE));
            $page = min($pages, max(1, (int)$this->get('page', '1')));
            $rows = $shop->getProducts($search, ($page - 1) * self::PAGE_SIZE, self::PAGE_SIZE);

            return ['ai/product_list', [
                'search'   => $search,
                'action'   => $this->link(self::ROUTE),
                'hidden'   => ['route' => 'extension/meschain/' . self::ROUTE, 'user_token' => $this->session->data['user_token']],
                'products' => $this->rows($rows, $this->currency()),
                'total'    => $this->format()->number($total),
                'number'   => $this->format()->number($page),
                'pages'    => $this->format()->number($pages),
                'previous' => $page > 1 ? $this->link(self::ROUTE, ['search' => $search, 'page' => $page - 1]) : '',
                'next'     => $page < $pages ? $this->link(self::ROUTE, ['search' => $search, 'page' => $page + 1]) : '',
                'clear'    => $this->link(self::ROUTE),
            ]];
        });
    }

    public function info(): void
    {
        // On OpenCart's product form: the same page without the frame around it.
        $embedded = $this->get('embedded') === '1';
        $this->page('info', [...($embedded ? ['embedded.js'] : []), 'special.js', 'ai_product.js'], function () use ($embedded): array {
            $id = $this->productId();
            $embedded && $this->document->addStyle($this->asset('stylesheet/embedded.css'));
            $edit = $this->can('access', 'catalog/product') ? $this->host('catalog/product.form', ['product_id' => $id]) : '';

            return ['ai/product', [
                'actions' => array_merge(
                    $edit ? [['href' => $edit, 'icon' => 'pencil', 'text' => $this->language->get('button_edit')]] : [],
                    [['href' => $this->link(self::ROUTE), 'icon' => 'reply', 'text' => $this->language->get('button_back')]]
                ),
                'page'    => [
                    'currency' => $this->currency(),
                    'urls'     => [
                        'data'     => $this->link(self::ROUTE . '.data', ['product_id' => $id]),
                        'simulate' => $this->link(self::ROUTE . '.simulate', ['product_id' => $id]),
                        'product'  => $this->link(self::ROUTE . '.info'),
                        'models'   => $this->can('access', 'extension/meschain/ai/dashboard') ? $this->link('ai/dashboard') : '',
                    ],
                ],
            ]];
        });
    }

    public function data(): void
    {
        $this->json('data', fn (): array => (new \MesChain\AI())->product($this->productId(), [
            'horizon_weeks' => self::HORIZON_WEEKS,
        ]));
    }

    /** Units, revenue and profit a week over a range of prices around the present one. */
    public function simulate(): void
    {
        $this->json('simulate', function (): array {
            $ai = new \MesChain\AI();
            $price = $this->get('price');
            if (!is_numeric($price) || (float)$price <= 0.0) {
                throw Refusal::missing();
            }
            $prices = array_map(static fn (float $part): float => round((float)$price * $part, 2), self::PRICE_STEPS);

            return ['points' => $ai->priceOptimizer()->simulate($this->productId(), $prices)];
        });
    }

    private function productId(): int
    {
        $id = $this->get('product_id');
        if (!ctype_digit($id) || strlen($id) > 10 || (int)$id === 0) {
            throw Refusal::missing();
        }

        return (int)$id;
    }

    private function rows(array $rows, array $currency): array
    {
        $format = $this->format();

        return array_map(fn (array $row): array => [
            'name'     => $row['name'],
            'model'    => $row['model'],
            'price'    => $format->money($row['price'], $currency),
            'quantity' => $format->number($row['quantity']),
            'enabled'  => (bool)$row['status'],
            'href'     => $this->link(self::ROUTE . '.info', ['product_id' => $row['product_id']]),
        ], $this->plain($rows));
    }
}

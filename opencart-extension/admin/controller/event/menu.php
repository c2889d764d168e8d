<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Event;

/** The MesChain entry of the left menu. Two declared parameters: 4.0 passes three, 4.1 four. */
class Menu extends \Opencart\System\Engine\Controller
{
    private const PAGES = [
        'text_menu_reporting'   => 'extension/meschain/reporting/dashboard',
        'text_menu_ai'          => 'extension/meschain/ai/dashboard',
        'text_menu_suggestions' => 'extension/meschain/ai/suggestions',
        'text_menu_models'      => 'extension/meschain/ai/models',
        'text_menu_training'    => 'extension/meschain/ai/training',
        'text_menu_analytics'   => 'extension/meschain/ai/analytics',
        'text_menu_products'    => 'extension/meschain/ai/product',
        'text_menu_performance' => 'extension/meschain/performance/monitor',
        'text_menu_settings'    => 'extension/meschain/module/meschain',
    ];

    /** Fills $data and returns nothing: in 4.0 a returned value would replace the menu. Never throws. */
    public function index(string &$route, array &$data): void
    {
        try {
            if (!$this->config->get('module_meschain_status')) {
                return;
            }
            $entry = $this->entry();
            if ($entry['children']) {
                array_splice($data['menus'], 1, 0, [$entry]);
            }
        } catch (\Throwable $error) {
            $this->log->write('MesChain menu: ' . $error->getMessage());
        }
    }

    private function entry(): array
    {
        $this->load->language('extension/meschain/menu');
        $children = [];
        foreach (self::PAGES as $text => $page) {
            if ($this->user->hasPermission('access', $page)) {
                $children[] = [
                    'name'     => $this->language->get($text),
                    'href'     => $this->url->link($page, 'user_token=' . $this->session->data['user_token']),
                    'children' => [],
                ];
            }
        }

        return [
            'id'       => 'menu-meschain',
            'icon'     => 'fa-solid fa-chart-line',
            'name'     => $this->language->get('text_menu_meschain'),
            'href'     => '',
            'children' => $children,
        ];
    }
}

<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Event;

use Opencart\System\Library\Extension\Meschain\Page;

/** A tab of OpenCart's product form with what the models say of the product. It costs the form nothing until it is opened. */
class ProductForm extends \Opencart\System\Engine\Controller
{
    private const PAGE = 'extension/meschain/ai/product';

    /** Adds the tab to what was drawn; a form that is drawn in another way is left as it is. Never throws, returns nothing. */
    public function index(string &$route, array &$data, string &$output): void
    {
        try {
            $id = (int)($data['product_id'] ?? 0);
            if ($id > 0 && $this->config->get('module_meschain_status') && $this->user->hasPermission('access', self::PAGE)) {
                $output = $this->with($output, $id) ?? $output;
            }
        } catch (\Throwable $error) {
            $this->log->write('MesChain product form: ' . $error->getMessage());
        }
    }

    private function with(string $form, int $id): ?string
    {
        $tabs = strpos($form, '<ul class="nav nav-tabs">');
        $end = $tabs === false ? false : strpos($form, '</ul>', $tabs);
        $panes = $end === false ? false : strpos($form, '<div class="tab-content">', $end);
        if ($panes === false) {
            return null;
        }
        $this->load->language('extension/meschain/menu');
        $query = http_build_query(['user_token' => $this->session->data['user_token'], 'product_id' => $id, 'embedded' => 1]);
        $drawn = $this->load->view('extension/meschain/event/product_form', [
            'source' => $this->url->link(self::PAGE . '.info', $query, true),
            'script' => '../extension/meschain/admin/view/javascript/product_form.js?v=' . Page::VERSION,
            'text'   => $this->language->get('text_menu_meschain'),
            'title'  => $this->language->get('text_menu_products'),
        ]);
        [$tab, $pane] = explode('<!-- pane -->', $drawn);
        $panes += strlen('<div class="tab-content">');

        return substr($form, 0, $end) . $tab . substr($form, $end, $panes - $end) . $pane . substr($form, $panes);
    }
}

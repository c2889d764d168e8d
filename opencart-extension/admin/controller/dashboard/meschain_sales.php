<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Dashboard;

use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** The widget on OpenCart's own dashboard: a shell at once, its figures by a script afterwards. */
class MeschainSales extends Page
{
    protected const ROUTE = 'dashboard/meschain_sales';
    protected const SENTENCES_OF = ['figures'];

    private const SETTING = 'dashboard_meschain_sales';

    public function index(): void
    {
        $this->page('index', [], fn (): array => ['dashboard/meschain_sales_form', [
            'save'       => $this->link(self::ROUTE . '.save'),
            'actions'    => [
                ['form' => 'meschain-widget', 'icon' => 'save', 'text' => $this->language->get('button_save')],
                ['href' => $this->host('marketplace/extension', ['type' => 'dashboard']), 'icon' => 'reply', 'text' => $this->language->get('button_back')],
            ],
            'widths'     => range(3, 12),
            'width'      => (int)($this->config->get(self::SETTING . '_width') ?: 6),
            'status'     => (bool)$this->config->get(self::SETTING . '_status'),
            'sort_order' => (int)$this->config->get(self::SETTING . '_sort_order'),
        ]]);
    }

    public function save(): void
    {
        $this->write('save', function (): array {
            $width = (int)$this->post(self::SETTING . '_width');
            if ($width < 3 || $width > 12) {
                throw Refusal::missing();
            }
            $this->load->model('setting/setting');
            $this->model_setting_setting->editSetting(self::SETTING, [
                self::SETTING . '_width'      => (string)$width,
                self::SETTING . '_status'     => $this->post(self::SETTING . '_status') === '1' ? '1' : '0',
                self::SETTING . '_sort_order' => (string)(int)$this->post(self::SETTING . '_sort_order'),
            ]);

            return ['success' => $this->language->get('text_saved')];
        });
    }

    /** Called by OpenCart for every dashboard load, so it computes nothing. */
    public function dashboard(): string
    {
        $this->texts();

        return $this->load->view('extension/meschain/dashboard/meschain_sales', [
            'native'    => $this->native(),
            'style'     => $this->asset('stylesheet/meschain.css'),
            'scripts'   => [$this->asset('javascript/core.js'), $this->asset('javascript/format.js'), $this->asset('javascript/widget.js')],
            'report'    => $this->can('access', 'extension/meschain/reporting/dashboard') ? $this->link('reporting/dashboard') : '',
            'page_json' => $this->encode($this->context(['can' => ['modify' => false], 'urls' => ['data' => $this->link(self::ROUTE . '.data')]])),
        ]);
    }

    public function data(): void
    {
        $this->json('data', function (): array {
            $figures = (new \MesChain\Reporting())->dashboard(['range' => 'last_30', 'limit' => 1]);
            unset($figures['series'], $figures['top_products'], $figures['marketplaces']);

            return $figures;
        });
    }
}

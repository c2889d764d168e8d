<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Reporting;

use Opencart\System\Library\Extension\Meschain\Jobs;
use Opencart\System\Library\Extension\Meschain\Outlook;
use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;
use Opencart\System\Library\Extension\Meschain\Setup;

/** Key figures of a period against the one before and last year; where they come from; CSV of what is shown. */
class Dashboard extends Page
{
    use Jobs;
    use Outlook;

    protected const ROUTE = 'reporting/dashboard';
    protected const SENTENCES_OF = ['figures', 'outlook'];

    private const SECTIONS = ['kpis', 'series', 'top_products', 'marketplaces'];
    private const FILTERS = ['range', 'from', 'to', 'store_id', 'marketplace_id', 'granularity'];

    /** A page waits this long for a refresh; what takes longer becomes a job. A million orders load in about a second. */
    private const REFRESH_SECONDS = 15.0;

    public function index(): void
    {
        $this->page('index', ['outlook.js', 'reporting_dashboard.js'], function (): array {
            if ($this->manages()) {
                $this->repair();
            }
            $this->load->model('extension/meschain/shop');

            return ['reporting/dashboard', [
                'reporting'     => new \MesChain\Reporting(),
                'query'         => $this->query() + array_fill_keys(self::FILTERS, ''),
                'stores'        => $this->choices(fn (): array => $this->model_extension_meschain_shop->getStores()),
                'marketplaces'  => $this->choices(fn (): array => $this->model_extension_meschain_shop->getMarketplaces()),
                'granularities' => ['auto', 'hour', 'day', 'week', 'month'],
                'can_modify'    => $this->can('modify'),
                'page_outlook'  => $this->can('access', 'extension/meschain/ai/dashboard'),
                'page'          => ['urls' => $this->urls()],
            ]];
        });
    }

    public function data(): void
    {
        $this->json('data', fn (): array => (new \MesChain\Reporting())->dashboard($this->query()));
    }

    /** The figures on the page, computed a second time by SQL on the database. */
    public function verify(): void
    {
        $this->json('verify', fn (): array => (new \MesChain\Reporting())->verify($this->query()));
    }

    public function csv(): void
    {
        $this->file('csv', 'text/csv; charset=utf-8', function (): array {
            $section = $this->get('section');
            if (!in_array($section, self::SECTIONS, true)) {
                throw Refusal::missing();
            }
            $query = $this->query();
            $content = (new \MesChain\Reporting())->csv($section, $query, [
                'separator' => $this->language->get('csv_separator'),
                'decimal'   => $this->language->get('csv_decimal'),
                'language'  => $this->language->get('csv_language'),
                'bom'       => true,
            ]);

            return ['meschain-' . $section . '-' . $query['range'] . '-' . gmdate('Y-m-d') . '.csv', $content];
        });
    }

    public function refresh(): void
    {
        $this->write('refresh', function (): array {
            $task = (new \MesChain\Shop())->refresh();
            if ($task->wait(self::REFRESH_SECONDS)) {
                return ['refreshed' => true] + $task->result();
            }
            $task->cancel();

            return ['refreshed' => false] + $this->enqueue('refresh');
        });
    }

    /** Choices of a filter. Without a database the page still opens, and its figures say what is wrong. */
    private function choices(callable $list): array
    {
        try {
            return $this->plain($list());
        } catch (\Throwable $error) {
            $this->log->write('MesChain: choices of a filter: ' . $error->getMessage());

            return [];
        }
    }

    /** What was asked for, limited to the names we know; the native side checks the values. */
    private function query(): array
    {
        $query = [];
        foreach (self::FILTERS as $filter) {
            $value = $this->get($filter);
            if ($value !== '') {
                $query[$filter] = $value;
            }
        }
        $default = (string)$this->config->get('module_meschain_range');

        return $query + ['range' => $default !== '' ? $default : 'last_30'];
    }

    private function urls(): array
    {
        $urls = $this->outlookUrls();
        foreach (['data', 'verify', 'csv', 'refresh', 'job', 'cancel'] as $method) {
            $urls[$method] = $this->link(self::ROUTE . '.' . $method);
        }
        $urls['product'] = $this->can('access', 'extension/meschain/ai/product') ? $this->link('ai/product.info') : '';
        $urls['orders'] = $this->can('access', 'sale/order') ? $this->host('sale/order') : '';

        return $urls;
    }

    private function repair(): void
    {
        try {
            (new Setup($this->registry))->repair();
        } catch (\Throwable $error) {
            $this->log->write('MesChain: events could not be checked: ' . $error->getMessage());
        }
    }
}

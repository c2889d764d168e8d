<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Applier;
use Opencart\System\Library\Extension\Meschain\Catalogue;
use Opencart\System\Library\Extension\Meschain\Jobs;
use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** What the models propose for the catalogue: look, change, approve, refuse, take back; and who did what. */
class Suggestions extends Page
{
    use Jobs;

    protected const ROUTE = 'ai/suggestions';
    protected const SENTENCES_OF = ['ai/dashboard', 'ai/product'];

    private const KINDS = ['category', 'price', 'reorder'];
    private const PAGE_SIZE = 25;
    private const HISTORY_SIZE = 50;
    private const CSV_ROWS = 500;
    private const HIGHEST = 1e9;

    public function index(): void
    {
        $this->page('index', ['ai_shared.js', 'ai_suggestions.js'], function (): array {
            $this->load->model('extension/meschain/shop');
            $urls = [];
            foreach (['data', 'generate', 'apply', 'undo', 'reject', 'history', 'csv', 'job', 'cancel'] as $method) {
                $urls[$method] = $this->link(self::ROUTE . '.' . $method);
            }

            return ['ai/suggestions', [
                'kinds'      => self::KINDS,
                'can_modify' => $this->can('modify'),
                'catalogue'  => Catalogue::here(),
                'page'       => [
                    'currency'  => $this->model_extension_meschain_shop->getCurrency(),
                    'can'       => ['modify' => $this->can('modify'), 'apply' => $this->mayApply()],
                    'catalogue' => Catalogue::here(),
                    'page_size' => self::PAGE_SIZE,
                    'urls'      => $urls + [
                        'product' => $this->can('access', 'extension/meschain/ai/product') ? $this->link('ai/product.info') : '',
                        'models'  => $this->can('access', 'extension/meschain/ai/dashboard') ? $this->link('ai/dashboard') : '',
                    ],
                ],
            ]];
        });
    }

    public function data(): void
    {
        $this->json('data', function (): array {
            $inbox = (new \MesChain\AI())->suggestions();
            $filter = array_filter([
                'kind'   => $this->get('kind'),
                'status' => $this->get('status', 'pending'),
                'search' => $this->get('search'),
                'sort'   => $this->get('sort'),
            ], 'strlen');

            return $inbox->list($filter + ['page' => max(1, (int)$this->get('page', '1')), 'limit' => self::PAGE_SIZE])
                + ['jobs' => array_map($this->shown(...), (new \MesChain\Shop())->jobs(['kind' => 'suggest', 'limit' => 1]))];
        });
    }

    public function history(): void
    {
        $this->json('history', fn (): array => ['rows' => (new \MesChain\AI())->suggestions()->audit([
            'page' => max(1, (int)$this->get('page', '1')), 'limit' => self::HISTORY_SIZE,
        ])]);
    }

    public function generate(): void
    {
        $this->write('generate', fn (): array => $this->enqueue('suggest'));
    }

    /** One suggestion a call: a page that is left in the middle of many leaves none half done. */
    public function apply(): void
    {
        $this->write('apply', function (): array {
            $id = $this->jobId($this->post('id'));
            $kind = (new \MesChain\AI())->suggestions()->get($id)['kind'];
            if ($kind !== 'reorder' && !$this->mayApply()) {
                throw Refusal::permission();
            }

            return ['suggestion' => $this->applier()->apply($id, $this->replacement($kind))];
        });
    }

    public function undo(): void
    {
        $this->write('undo', function (): array {
            $id = $this->jobId($this->post('id'));
            if ((new \MesChain\AI())->suggestions()->get($id)['kind'] !== 'reorder' && !$this->mayApply()) {
                throw Refusal::permission();
            }

            return ['suggestion' => $this->applier()->undo($id)];
        });
    }

    public function reject(): void
    {
        $this->write('reject', function (): array {
            $ids = $this->request->post['ids'] ?? [];
            if (!is_array($ids) || !$ids) {
                throw Refusal::missing();
            }

            return (new \MesChain\AI())->suggestions()->reject(array_values($ids), $this->by(), $this->post('note'));
        });
    }

    /** What is to be ordered, for the purchase. */
    public function csv(): void
    {
        $this->file('csv', 'text/csv; charset=utf-8', function (): array {
            $rows = (new \MesChain\AI())->suggestions()->list(['kind' => 'reorder', 'status' => 'pending', 'sort' => 'product', 'limit' => self::CSV_ROWS]);
            $out = fopen('php://temp', 'w+');
            fputcsv($out, [$this->language->get('column_product_id'), $this->language->get('column_model'), $this->language->get('column_name'),
                $this->language->get('column_stock'), $this->language->get('column_order'), $this->language->get('column_out')], ',', '"', '');
            foreach ($this->plain($rows)['items'] as $row) {
                $cells = [$row['product_id'], $row['model'], $row['name'], $row['before']['quantity'], $row['suggested']['quantity'], $row['reason']['stock_out_date'] ?? ''];
                fputcsv($out, array_map($this->harmless(...), $cells), ',', '"', '');
            }
            rewind($out);

            return ['meschain-reorder.csv', "\u{FEFF}" . stream_get_contents($out)];
        });
    }

    /** A spreadsheet would run text that begins like a formula. */
    private function harmless(mixed $cell): string
    {
        $text = (string)$cell;

        return !is_numeric($text) && preg_match('/^\s*[=+\-@\t\r]/u', $text) ? "'" . $text : $text;
    }

    /** What the administrator put instead of what was suggested; null: nothing. */
    private function replacement(string $kind): ?array
    {
        $given = str_replace(',', '.', trim($this->post('value')));
        if ($given === '' || $kind === 'category') {
            return null;
        }
        if (!is_numeric($given) || (float)$given <= 0.0 || (float)$given > self::HIGHEST) {
            throw new \MesChain\Exception\ArgumentException($kind . ': expected a number above 0, got "' . mb_substr($given, 0, 40) . '"');
        }

        return $kind === 'price' ? ['price' => round((float)$given, 4)] : ['quantity' => (float)round((float)$given)];
    }

    /** Writing the catalogue takes the right to change products, too. */
    private function mayApply(): bool
    {
        return $this->can('modify') && Catalogue::here() && $this->can('modify', 'catalog/product');
    }

    private function applier(): Applier
    {
        return new Applier(new Catalogue($this->registry), $this->by());
    }

    private function by(): array
    {
        return ['user_id' => (int)$this->user->getId(), 'user_name' => (string)$this->user->getUserName()];
    }
}

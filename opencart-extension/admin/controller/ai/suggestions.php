<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Applier;
use Opencart\System\Library\Extension\Meschain\Batch;
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
    /** Suggestions of one request, by what is done to them: writing a product takes OpenCart a tenth of a second. */
    private const BATCH = ['apply' => 20, 'undo' => 20, 'reject' => 200, 'reopen' => 200];

    /** What is done to the catalogue, not only to the suggestion. */
    private const WRITING = ['apply', 'undo'];

    public function index(): void
    {
        $this->page('index', ['ai_shared.js', 'special.js', 'ai_inbox_row.js', 'ai_category_picker.js', 'ai_inbox_choice.js', 'ai_suggestions.js'], function (): array {
            $urls = [];
            foreach (['data', 'selection', 'categories', 'generate', 'apply', 'undo', 'reject', 'reopen', 'history', 'csv', 'job', 'cancel'] as $method) {
                $urls[$method] = $this->link(self::ROUTE . '.' . $method);
            }

            return ['ai/suggestions', [
                'kinds'      => self::KINDS,
                'can_modify' => $this->can('modify'),
                'catalogue'  => Catalogue::here(),
                'page'       => [
                    'currency'  => $this->currency(),
                    'can'       => ['modify' => $this->can('modify'), 'apply' => $this->mayApply()],
                    'catalogue' => Catalogue::here(),
                    'page_size' => self::PAGE_SIZE,
                    'batch'     => self::BATCH,
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
            return (new \MesChain\AI())->suggestions()->list($this->filter() + ['page' => max(1, (int)$this->get('page', '1')), 'limit' => self::PAGE_SIZE])
                + ['trained' => (bool)array_filter(array_column((new \MesChain\AI())->models(), 'version')),
                    'jobs' => array_map($this->shown(...), (new \MesChain\Shop())->jobs(['kind' => 'suggest', 'limit' => 1]))];
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

    /** All that fits the filter, not only the page that is shown: which ones, so that what was counted is what is decided about. */
    public function selection(): void
    {
        $this->json('selection', fn (): array => (new \MesChain\AI())->suggestions()->selection($this->filter()));
    }

    /** What else a product could be put into. */
    public function categories(): void
    {
        $this->json('categories', fn (): array => (new \MesChain\AI())->suggestions()->categories($this->jobId($this->get('id')), $this->get('search')));
    }

    public function apply(): void
    {
        $this->each('apply', fn (int $id): array => $this->applier()->apply($id, $this->replacement($id), $this->revision($id)));
    }

    public function undo(): void
    {
        $this->each('undo', fn (int $id): array => $this->applier()->undo($id));
    }

    public function reject(): void
    {
        $this->each('reject', function (int $id): array {
            $revisions = array_filter([$id => $this->revision($id)], 'is_int');
            if (!(new \MesChain\AI())->suggestions()->reject([$id], $this->by(), $this->post('note'), $revisions)['rejected']) {
                throw Refusal::decided();
            }

            return ['status' => 'rejected'];
        });
    }

    /** Back to waiting: a rejection is taken back. */
    public function reopen(): void
    {
        $this->each('reopen', fn (int $id): array => (new \MesChain\AI())->suggestions()->reopen($id, $this->by(), $this->revision($id)));
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

    /** @return array<string, string> what of the inbox is shown, and in which order */
    private function filter(): array
    {
        return array_filter([
            'kind'   => $this->get('kind'),
            'status' => $this->get('status', 'pending'),
            'search' => $this->get('search'),
            'sort'   => $this->get('sort'),
        ], 'strlen');
    }

    /** @param callable(int): array $step */
    private function each(string $method, callable $step): void
    {
        $this->write($method, function () use ($method, $step): array {
            return Batch::run($this->ids(self::BATCH[$method]), function (int $id) use ($method, $step): array {
                if (in_array($method, self::WRITING, true) && !$this->mayApply() && (new \MesChain\AI())->suggestions()->get($id)['kind'] !== 'reorder') {
                    throw Refusal::permission();
                }

                return $step($id);
            }, fn (\Throwable $error, int $id): array => $this->refused($error, $id, $method));
        });
    }

    /** @return list<int> the suggestions of a request, each once */
    private function ids(int $most): array
    {
        $given = $this->request->post['ids'] ?? null;
        if (!is_array($given) || !$given) {
            throw new \MesChain\Exception\ArgumentException('ids: expected a list of 1 to ' . $most . ' numbers, got none');
        }
        if (count($given) > $most) {
            throw new \MesChain\Exception\ArgumentException('ids: expected at most ' . $most . ' numbers, got ' . count($given));
        }

        return array_values(array_unique(array_map(fn (mixed $id): int => $this->jobId(is_string($id) ? $id : ''), $given)));
    }

    /** @return array{code: string, message: string, detail: string} */
    private function refused(\Throwable $error, int $id, string $method): array
    {
        $failure = $this->report($error);
        // Somebody else was faster, or the models say something else by now; or what was put in place of it does not fit.
        $code = ['unsupported' => 'decided', 'argument' => 'value'][$failure->code] ?? $failure->code;
        $sentence = match ($code) {
            'value'   => 'value_' . (array_key_first($this->replacement($id) ?? []) ?? 'other'),
            'decided' => $method === 'reopen' ? 'not_reopened' : $code,
            default   => $code,
        };

        return ['code' => $code, 'message' => $this->language->get('error_' . $sentence), 'detail' => $failure->detail];
    }

    /** What the administrator put instead of what was suggested; null: nothing. The library holds it against what the shop can hold. */
    private function replacement(int $id): ?array
    {
        foreach (['price', 'quantity', 'category_id'] as $key) {
            $given = $this->of($key, $id);
            if ($given !== '') {
                return [$key => $key === 'price' ? str_replace(',', '.', $given) : $given];
            }
        }

        return null;
    }

    private function revision(int $id): ?int
    {
        $given = $this->of('revision', $id);

        return ctype_digit($given) && strlen($given) < 11 ? (int)$given : null;
    }

    /** What was posted under `key[id]`. */
    private function of(string $key, int $id): string
    {
        $given = $this->request->post[$key] ?? null;
        $given = is_array($given) ? $given[$id] ?? '' : '';

        return is_string($given) ? trim(html_entity_decode($given, ENT_QUOTES, 'UTF-8')) : '';
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

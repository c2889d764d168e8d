<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Jobs;
use Opencart\System\Library\Extension\Meschain\Outlook;
use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** The four models: what each was trained on, how good it is against a naive baseline, and training them again. */
class Dashboard extends Page
{
    use Jobs;
    use Outlook;

    protected const ROUTE = 'ai/dashboard';
    protected const SENTENCES_OF = ['outlook'];

    private const MODELS = ['categorization', 'pricing', 'forecasting', 'recommendation'];

    public function index(): void
    {
        $this->page('index', ['ai_shared.js', 'outlook.js', 'ai_dashboard.js'], fn (): array => ['ai/dashboard', [
            'models'     => self::MODELS,
            'can_modify' => $this->can('modify'),
            'page_outlook' => true,
            'page'       => ['currency' => $this->currency(), 'urls' => $this->outlookUrls() + [
                'data'    => $this->link(self::ROUTE . '.data'),
                'train'   => $this->link(self::ROUTE . '.train'),
                'job'     => $this->link(self::ROUTE . '.job'),
                'cancel'  => $this->link(self::ROUTE . '.cancel'),
                'inbox'   => $this->can('access', 'extension/meschain/ai/suggestions') ? $this->link('ai/suggestions') : '',
                'product' => $this->can('access', 'extension/meschain/ai/product') ? $this->link('ai/product') : '',
            ]],
        ]]);
    }

    public function data(): void
    {
        $this->json('data', fn (): array => [
            'models'   => (new \MesChain\AI())->models(),
            'overview' => $this->overview(),
            'jobs'     => array_map($this->shown(...), (new \MesChain\Shop())->jobs(['kind' => 'train', 'limit' => 5])),
        ]);
    }

    /** Shops whose tables are not migrated yet still see their models. */
    private function overview(): ?array
    {
        try {
            return (new \MesChain\AI())->overview();
        } catch (\MesChain\Exception\DatabaseException) {
            return null;
        }
    }

    private function currency(): array
    {
        $this->load->model('extension/meschain/shop');

        return $this->model_extension_meschain_shop->getCurrency();
    }

    public function train(): void
    {
        $this->write('train', function (): array {
            $models = $this->request->post['models'] ?? [];
            if (!is_array($models) || !$models || array_diff($models, self::MODELS)) {
                throw Refusal::missing();
            }

            return $this->enqueue('train', ['models' => array_values($models)]);
        });
    }
}

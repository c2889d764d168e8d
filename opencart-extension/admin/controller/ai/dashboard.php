<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Jobs;
use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** The four models: what each was trained on, how good it is against a naive baseline, and training them again. */
class Dashboard extends Page
{
    use Jobs;

    protected const ROUTE = 'ai/dashboard';

    private const MODELS = ['categorization', 'pricing', 'forecasting', 'recommendation'];

    public function index(): void
    {
        $this->page('index', ['ai_dashboard.js'], fn (): array => ['ai/dashboard', [
            'models'     => self::MODELS,
            'can_modify' => $this->can('modify'),
            'page'       => ['urls' => [
                'data'    => $this->link(self::ROUTE . '.data'),
                'train'   => $this->link(self::ROUTE . '.train'),
                'job'     => $this->link(self::ROUTE . '.job'),
                'cancel'  => $this->link(self::ROUTE . '.cancel'),
                'product' => $this->can('access', 'extension/meschain/ai/product') ? $this->link('ai/product') : '',
            ]],
        ]]);
    }

    public function data(): void
    {
        $this->json('data', fn (): array => [
            'models' => (new \MesChain\AI())->models(),
            'jobs'   => array_map($this->shown(...), (new \MesChain\Shop())->jobs(['kind' => 'train', 'limit' => 5])),
        ]);
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

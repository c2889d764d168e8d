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

    /** Enough to hold the last training of each model. */
    private const RUNS = 20;

    public function index(): void
    {
        $this->page('index', ['ai_shared.js', 'outlook.js', 'ai_dashboard.js'], fn (): array => ['ai/dashboard', [
            'models'     => Models::TYPES,
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
            'overview' => $this->migrated(fn (\MesChain\AI $ai): array => $ai->overview()),
            'runs'     => $this->migrated(fn (\MesChain\AI $ai): array => $ai->runs(['limit' => self::RUNS])) ?? [],
            'jobs'     => array_map($this->shown(...), (new \MesChain\Shop())->jobs(['kind' => 'train', 'limit' => 5])),
        ]);
    }

    /** Shops whose tables are not migrated yet still see their models. */
    private function migrated(callable $answer): ?array
    {
        try {
            return $answer(new \MesChain\AI());
        } catch (\MesChain\Exception\DatabaseException) {
            return null;
        }
    }

    public function train(): void
    {
        $this->write('train', function (): array {
            $models = $this->request->post['models'] ?? [];
            if (!is_array($models) || !$models || array_diff($models, Models::TYPES)) {
                throw Refusal::missing();
            }

            return $this->enqueue('train', ['models' => array_values($models)]);
        });
    }
}

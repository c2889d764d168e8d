<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Jobs;
use Opencart\System\Library\Extension\Meschain\Page;

/** Trainings and what became of them, the quality of what is learnt from, when the next ones come, and the models' settings. */
class Training extends Page
{
    use Jobs;

    protected const ROUTE = 'ai/training';
    protected const SENTENCES_OF = ['ai/dashboard', 'ai/models'];

    private const RUNS = 30;

    /** The settings on the page by group, each with the kind of its field. The library knows what each may hold. */
    private const SETTINGS = [
        'schedule'   => ['retrain_enabled' => 'flag', 'retrain_hour' => 'number', 'retrain_days' => 'number', 'update_days' => 'number', 'challenger_margin' => 'number', 'keep_versions' => 'number',
            'drift_psi_limit' => 'number', 'drift_error_ratio' => 'number'],
        'categories' => ['confidence_threshold' => 'number', 'max_categories' => 'number'],
        'prices'     => ['price_change_limit' => 'number', 'profit_margin_min' => 'number', 'price_min_gain' => 'number', 'price_ending' => 'ending', 'price_floor' => 'optional',
            'price_ceiling' => 'optional', 'competitor_guard' => 'optional', 'shipping_cost' => 'number', 'price_update_seconds' => 'number'],
        'stock'      => ['lead_days' => 'number', 'review_days' => 'number', 'service_level' => 'number'],
        'log'        => ['prediction_log_sample' => 'number', 'prediction_log_days' => 'number'],
    ];

    public function index(): void
    {
        $this->page('index', ['ai_shared.js', 'ai_training.js'], function (): array {
            $urls = [];
            foreach (['data', 'train', 'update', 'resume', 'quality', 'save', 'drift', 'job', 'cancel'] as $method) {
                $urls[$method] = $this->link(self::ROUTE . '.' . $method);
            }

            return ['ai/training', [
                'types'      => Models::TYPES,
                'groups'     => self::SETTINGS,
                'endings'    => ['', '.00', '.90', '.95', '.99'],
                'settings'   => $this->written((new \MesChain\AI())->settings()),
                'can_modify' => $this->can('modify'),
                'page'       => ['types' => Models::TYPES, 'urls' => $urls + [
                    'product' => $this->can('access', 'extension/meschain/ai/product') ? $this->link('ai/product.info') : '',
                ]],
            ]];
        });
    }

    /** Numbers as the language of the page writes them; save() takes both. */
    private function written(array $settings): array
    {
        return array_map(fn (mixed $value): mixed => is_float($value) ? $this->format()->plain($value) : $value, $settings);
    }

    public function data(): void
    {
        $this->json('data', function (): array {
            $ai = new \MesChain\AI();

            return ['runs' => $ai->runs(['limit' => self::RUNS]), 'schedule' => $ai->schedule(),
                'jobs' => array_map($this->shown(...), (new \MesChain\Shop())->jobs(['kind' => 'train', 'limit' => 1]))];
        });
    }

    /** Read by itself: it looks through the catalogue and the orders. */
    public function quality(): void
    {
        $this->json('quality', function (): array {
            $type = $this->get('type');
            $ai = new \MesChain\AI();

            return method_exists($ai, 'quality') ? $ai->quality($type) : ['available' => false, 'reason' => 'not_in_version'];
        });
    }

    public function train(): void
    {
        $this->write('train', fn (): array => $this->enqueue('train', ['models' => Models::TYPES]));
    }

    /** With the choices of the last full training. */
    public function update(): void
    {
        $this->write('update', fn (): array => $this->enqueue('train', ['models' => Models::TYPES, 'update' => true]));
    }

    /** Goes on with a training that was cancelled or given up. */
    public function resume(): void
    {
        $this->write('resume', function (): array {
            $id = $this->jobId($this->post('job_id'));

            return ['resumed' => (new \MesChain\AI\Training\ModelTrainer())->resume($id), 'job' => $this->shown((new \MesChain\Shop())->job($id))];
        });
    }

    public function drift(): void
    {
        $this->write('drift', fn (): array => $this->enqueue('drift'));
    }

    public function save(): void
    {
        $this->write('save', function (): array {
            $changes = [];
            foreach (array_merge(...array_values(self::SETTINGS)) as $name => $kind) {
                if (isset($this->request->post[$name])) {
                    $value = trim($this->post($name));
                    $changes[$name] = $kind === 'optional' && $value === '' ? null : ($kind === 'ending' ? $value : str_replace(',', '.', $value));
                }
            }
            $by = ['user_id' => (int)$this->user->getId(), 'user_name' => (string)$this->user->getUserName()];

            return ['settings' => (new \MesChain\AI())->saveSettings($changes, $by)];
        });
    }
}

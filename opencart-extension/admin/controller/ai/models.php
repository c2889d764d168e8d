<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Jobs;
use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** One model in depth: how good it is, what it goes by, its versions, and which of them serves. */
class Models extends Page
{
    use Jobs;

    protected const ROUTE = 'ai/models';
    protected const SENTENCES_OF = ['ai/dashboard'];

    public const TYPES = ['categorization', 'pricing', 'forecasting', 'recommendation'];

    public function index(): void
    {
        $this->page('index', ['ai_shared.js', 'ai_models.js'], fn (): array => ['ai/models', [
            'types'      => self::TYPES,
            'type'       => $this->type(),
            'can_modify' => $this->can('modify'),
            'page'       => ['type' => $this->type(), 'urls' => [
                'data'   => $this->link(self::ROUTE . '.data'),
                'page'   => $this->link(self::ROUTE),
                'train'  => $this->link(self::ROUTE . '.train'),
                'back'   => $this->link(self::ROUTE . '.back'),
                'job'    => $this->link(self::ROUTE . '.job'),
                'cancel' => $this->link(self::ROUTE . '.cancel'),
            ]],
        ]]);
    }

    public function data(): void
    {
        $this->json('data', function (): array {
            $ai = new \MesChain\AI();
            $type = $this->type();
            $models = array_column($ai->models(), null, 'type');

            return [
                'model'      => $models[$type],
                'versions'   => $ai->versions($type),
                'runs'       => $ai->runs(['type' => $type, 'limit' => 20]),
                'importance' => $ai->importance($type),
            ];
        });
    }

    public function train(): void
    {
        $this->write('train', fn (): array => $this->enqueue('train', ['models' => [$this->checked($this->post('type'))]]));
    }

    /** Makes a kept version serve again. */
    public function back(): void
    {
        $this->write('back', fn (): array => ['model' => (new \MesChain\AI())->rollBack(
            $this->checked($this->post('type')),
            $this->post('version'),
            ['user_id' => (int)$this->user->getId(), 'user_name' => (string)$this->user->getUserName()]
        )]);
    }

    private function type(): string
    {
        return $this->checked($this->get('type', self::TYPES[0]));
    }

    private function checked(string $type): string
    {
        return in_array($type, self::TYPES, true) ? $type : throw Refusal::missing();
    }
}

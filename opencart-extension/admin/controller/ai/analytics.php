<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Ai;

use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;

/** How the models do over time: accuracy, calibration, forecasts against sales, drift, acceptance, use. Changes nothing. */
class Analytics extends Page
{
    protected const ROUTE = 'ai/analytics';
    protected const SENTENCES_OF = ['ai/dashboard'];

    private const DAYS = [30, 90, 180, 365];

    public function index(): void
    {
        $this->page('index', ['ai_analytics.js'], fn (): array => ['ai/analytics', [
            'types' => Models::TYPES,
            'type'  => $this->type(),
            'days'  => self::DAYS,
            'day'   => $this->days(),
            'page'  => ['type' => $this->type(), 'urls' => [
                'data' => $this->link(self::ROUTE . '.data'),
                'page' => $this->link(self::ROUTE),
            ]],
        ]]);
    }

    public function data(): void
    {
        $this->json('data', fn (): array => (new \MesChain\AI())->analytics($this->type(), ['days' => $this->days()]));
    }

    private function type(): string
    {
        $type = $this->get('type', Models::TYPES[0]);

        return in_array($type, Models::TYPES, true) ? $type : throw Refusal::missing();
    }

    private function days(): int
    {
        $days = (int)$this->get('days', '90');

        return in_array($days, self::DAYS, true) ? $days : 90;
    }
}

<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Performance;

use Opencart\System\Library\Extension\Meschain\Page;

/** How long our own pages take (p50, p95, p99), and what state the cache tiers are in. */
class Monitor extends Page
{
    protected const ROUTE = 'performance/monitor';

    private const WINDOWS = [15, 60, 360, 1440];

    public function index(): void
    {
        $this->page('index', ['performance_monitor.js'], fn (): array => ['performance/monitor', [
            'windows'     => self::WINDOWS,
            'performance' => new \MesChain\Performance(),
            'page'        => ['urls' => ['data' => $this->link(self::ROUTE . '.data')]],
        ]]);
    }

    public function data(): void
    {
        $this->json('data', function (): array {
            $minutes = (int)$this->get('minutes', '60');
            $performance = new \MesChain\Performance();

            return [
                'requests' => $performance->requests(['minutes' => in_array($minutes, self::WINDOWS, true) ? $minutes : 60]),
                'status'   => $performance->status(),
            ];
        });
    }
}

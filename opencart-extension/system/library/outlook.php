<?php

namespace Opencart\System\Library\Extension\Meschain;

/** A page that shows what the newest forecasts say: what sells next, what runs out, what lies too long. */
trait Outlook
{
    /** Lines on a page. */
    private const OUTLOOK_LINES = 8;

    public function outlook(): void
    {
        $this->json('outlook', function (): array {
            $this->demand('access', 'extension/meschain/ai/dashboard');

            return (new \MesChain\AI())->insights(['limit' => self::OUTLOOK_LINES]) + ['currency' => $this->currency()];
        });
    }

    /** Where a script asks for it and where its products lead; empty where the user may not see it. */
    private function outlookUrls(): array
    {
        $may = fn (string $route): bool => $this->can('access', 'extension/meschain/' . $route);

        return [
            'outlook'         => $may('ai/dashboard') ? $this->link(self::ROUTE . '.outlook') : '',
            'outlook_product' => $may('ai/product') ? $this->link('ai/product.info') : '',
        ];
    }
}

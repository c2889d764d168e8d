<?php

namespace Opencart\System\Library\Extension\Meschain;

/** Long work seen from a page: one job's progress, and stopping it. The page's own permission applies. */
trait Jobs
{
    public function job(): void
    {
        $this->json('job', function (): array {
            return ['job' => $this->shown((new \MesChain\Shop())->job($this->jobId($this->get('job_id'))))];
        });
    }

    public function cancel(): void
    {
        $this->write('cancel', function (): array {
            $shop = new \MesChain\Shop();
            $id = $this->jobId($this->post('job_id'));

            return ['cancelled' => $shop->cancelJob($id), 'job' => $this->shown($shop->job($id))];
        });
    }

    /** Puts work into the queue, or joins the same work that waits or runs already. */
    private function enqueue(string $kind, array $payload = []): array
    {
        $shop = new \MesChain\Shop();
        foreach (['running', 'queued'] as $status) {
            $present = $shop->jobs(['kind' => $kind, 'status' => $status, 'limit' => 1]);
            if ($present) {
                return ['job' => $this->shown($present[0]), 'joined' => true];
            }
        }

        return ['job' => $this->shown($shop->job($shop->enqueue($kind, $payload))), 'joined' => false];
    }

    /** The part of a job that a page shows; payload and result stay on the server. */
    private function shown(array $job): array
    {
        return array_intersect_key($job, array_flip([
            'job_id', 'kind', 'status', 'stage', 'done', 'total', 'attempts', 'error', 'created_at', 'started_at', 'finished_at',
        ]));
    }

    private function jobId(string $text): int
    {
        if (!ctype_digit($text) || strlen($text) > 18) {
            throw Refusal::missing();
        }

        return (int)$text;
    }
}

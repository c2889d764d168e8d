<?php

namespace Opencart\Catalog\Controller\Extension\Meschain\Cron;

/**
 * OpenCart's hourly call: brings the figures up to date and works off the jobs that wait.
 *
 * The cron address is open to anyone and in 4.0 runs may overlap, so a lock in the database lets one in at a time.
 * A shop with `meschain worker` running needs none of this; both together are harmless.
 */
class Meschain extends \Opencart\System\Engine\Controller
{
    private const REFRESH_SECONDS = 45.0;

    public function index(int $cron_id, string $code, string $cycle, string $date_added, string $date_modified): void
    {
        if (!class_exists(\MesChain\Shop::class, false)) {
            return;
        }
        try {
            if (!$this->lock()) {
                return;
            }
            try {
                $this->work();
            } finally {
                $this->db->query("SELECT RELEASE_LOCK('" . $this->name() . "')");
            }
        } catch (\Throwable $error) {
            $this->log->write('MesChain cron: ' . $error->getMessage());
        }
    }

    private function lock(): bool
    {
        $query = $this->db->query("SELECT GET_LOCK('" . $this->name() . "', 0) AS `held`");

        return (int)($query->row['held'] ?? 0) === 1;
    }

    /** Locks belong to the whole server: shops that share one must not wait for each other. */
    private function name(): string
    {
        return 'meschain_cron_' . substr(hash('sha256', DB_DATABASE . '.' . DB_PREFIX), 0, 16);
    }

    private function work(): void
    {
        // PHP counts the time of native threads too; a training may take minutes.
        set_time_limit(0);
        $shop = new \MesChain\Shop();
        $refresh = $shop->refresh();
        if (!$refresh->wait(self::REFRESH_SECONDS)) {
            $refresh->cancel();
            $shop->enqueue('refresh');
        }
        $shop->work(['once' => true])->result();
        (new \MesChain\Performance())->monitor()->flush();
    }
}

<?php

namespace Opencart\Catalog\Controller\Extension\Meschain\Cron;

/**
 * OpenCart's hourly call: brings the figures up to date and works off waiting jobs for a bounded time.
 *
 * The cron address is open to anyone and in 4.0 runs may overlap, so a lock in the database lets one in at a time.
 * A shop with `meschain worker` running needs none of this; both together are harmless.
 */
class Meschain extends \Opencart\System\Engine\Controller
{
    private const LOCK = 'meschain_cron';
    private const SECONDS = 45.0;

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
                $this->db->query("SELECT RELEASE_LOCK('" . self::LOCK . "')");
            }
        } catch (\Throwable $error) {
            $this->log->write('MesChain cron: ' . $error->getMessage());
        }
    }

    private function lock(): bool
    {
        $query = $this->db->query("SELECT GET_LOCK('" . self::LOCK . "', 0) AS `held`");

        return (int)($query->row['held'] ?? 0) === 1;
    }

    private function work(): void
    {
        $shop = new \MesChain\Shop();
        $refresh = $shop->refresh();
        if (!$refresh->wait(self::SECONDS)) {
            $refresh->cancel();
            $shop->enqueue('refresh');
        }
        $shop->work(['seconds' => self::SECONDS])->result();
        (new \MesChain\Performance())->monitor()->flush();
    }
}

<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * What the extension writes into OpenCart when it is installed: events, permissions, a cron entry.
 *
 * The constants are the single list that install, uninstall and repair read. Nothing here touches MesChain's own
 * tables: those survive an uninstall, because an OpenCart "upgrade" is an uninstall followed by an install.
 */
final class Setup
{
    public const CODE = 'meschain';

    /** Triggers keep the slash form: 4.0 and 4.1 fire view events as `view/<route>/before`. */
    public const EVENTS = [
        [
            'trigger' => 'admin/view/common/column_left/before',
            'action'  => 'extension/meschain/event/menu',
        ],
        [
            'trigger' => 'admin/view/catalog/product_form/after',
            'action'  => 'extension/meschain/event/product_form',
        ],
    ];

    public const ROUTES = [
        'extension/meschain/module/meschain',
        'extension/meschain/reporting/dashboard',
        'extension/meschain/ai/dashboard',
        'extension/meschain/ai/suggestions',
        'extension/meschain/ai/models',
        'extension/meschain/ai/training',
        'extension/meschain/ai/analytics',
        'extension/meschain/ai/product',
        'extension/meschain/performance/monitor',
        'extension/meschain/dashboard/meschain_sales',
        'extension/meschain/module/meschain_recommendations',
    ];

    public const CRON = ['cycle' => 'hour', 'action' => 'extension/meschain/cron/meschain'];

    public function __construct(private \Opencart\System\Engine\Registry $registry)
    {
    }

    public function install(): void
    {
        $this->writeEvents();
        $this->grant((int)$this->registry->get('user')->getGroupId(), ['access', 'modify']);
        $this->addCron();
    }

    public function uninstall(): void
    {
        $this->model('setting/event')->deleteEventByCode(self::CODE);
        $this->model('setting/cron')->deleteCronByCode(self::CODE);
    }

    /**
     * Puts our events back when they differ from EVENTS. The upgrade script of 4.1 rewrites every trigger without a
     * dot into one that is never fired, so pages call this when they open.
     *
     * @return bool whether something had to be repaired
     */
    public function repair(): bool
    {
        $found = [];
        foreach ($this->model('setting/event')->getEvents() as $event) {
            if ($event['code'] === self::CODE) {
                $found[] = [$event['trigger'], $event['action']];
            }
        }
        $wanted = array_map(static fn (array $event): array => [$event['trigger'], $event['action']], self::EVENTS);
        sort($found);
        sort($wanted);
        if ($found === $wanted) {
            return false;
        }
        $this->writeEvents();

        return true;
    }

    /** @param list<string> $kinds 'access', 'modify'; what a group already has is not added twice */
    public function grant(int $groupId, array $kinds): void
    {
        $groups = $this->model('user/user_group');
        $held = $groups->getUserGroup($groupId)['permission'] ?? [];
        foreach ($kinds as $kind) {
            foreach (array_diff(self::ROUTES, (array)($held[$kind] ?? [])) as $route) {
                $groups->addPermission($groupId, $kind, $route);
            }
        }
    }

    private function writeEvents(): void
    {
        $events = $this->model('setting/event');
        $events->deleteEventByCode(self::CODE);
        foreach (self::EVENTS as $event) {
            $events->addEvent($event + [
                'code'        => self::CODE,
                'description' => 'MesChain: left menu and product form of the administration',
                'status'      => 1,
                'sort_order'  => 0,
            ]);
        }
    }

    private function addCron(): void
    {
        $crons = $this->model('setting/cron');
        if (!$crons->getCronByCode(self::CODE)) {
            $crons->addCron(self::CODE, 'MesChain: refresh figures and work off jobs', self::CRON['cycle'], self::CRON['action'], true);
        }
    }

    private function model(string $route): object
    {
        $this->registry->get('load')->model($route);

        return $this->registry->get('model_' . str_replace('/', '_', $route));
    }
}

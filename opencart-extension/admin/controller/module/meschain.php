<?php

namespace Opencart\Admin\Controller\Extension\Meschain\Module;

use Opencart\System\Library\Extension\Meschain\Page;
use Opencart\System\Library\Extension\Meschain\Refusal;
use Opencart\System\Library\Extension\Meschain\Setup;

// While OpenCart installs us it has not registered our library folder yet.
foreach (['page', 'setup', 'refusal', 'failure', 'formatter'] as $file) {
    require_once(__DIR__ . '/../../../system/library/' . $file . '.php');
}

/** Settings, the state of the installation, and OpenCart's install and uninstall calls. */
class Meschain extends Page
{
    protected const ROUTE = 'module/meschain';

    public function index(): void
    {
        $this->page('index', ['module.js'], function (): array {
            $repaired = $this->manages() && (new Setup($this->registry))->repair();

            return ['module/meschain', [
                'reporting'  => new \MesChain\Reporting(),
                'status'     => (bool)$this->config->get('module_meschain_status'),
                'range'      => (string)$this->config->get('module_meschain_range') ?: 'last_30',
                'repaired'   => $repaired,
                'groups'     => $this->manages() ? $this->groups() : [],
                'save'       => $this->link(self::ROUTE . '.save'),
                'grant'      => $this->link(self::ROUTE . '.grant'),
                'actions'    => $this->actions(),
                'can_modify' => $this->can('modify'),
                'page'       => ['urls' => [
                    'data'    => $this->link(self::ROUTE . '.data'),
                    'migrate' => $this->link(self::ROUTE . '.migrate'),
                ]],
            ]];
        });
    }

    public function data(): void
    {
        $this->json('data', function (): array {
            $shop = new \MesChain\Shop();

            return ['doctor' => $shop->doctor(), 'migrations' => $this->migrations($shop)];
        });
    }

    public function save(): void
    {
        $this->write('save', function (): array {
            $range = $this->post('module_meschain_range', 'last_30');
            if (!in_array($range, (new \MesChain\Reporting())->ranges(), true) || $range === 'custom') {
                throw Refusal::missing();
            }
            $this->load->model('setting/setting');
            $this->model_setting_setting->editSetting('module_meschain', [
                'module_meschain_status' => $this->post('module_meschain_status') === '1' ? '1' : '0',
                'module_meschain_range'  => $range,
            ]);

            return ['success' => $this->language->get('text_saved')];
        });
    }

    /** Creates or completes MesChain's tables. Safe to repeat. */
    public function migrate(): void
    {
        $this->write('migrate', function (): array {
            $report = (new \MesChain\Shop())->migrate();

            return ['applied' => count($report['applied']), 'pending' => count($report['pending'])];
        });
    }

    /** Lets a user group see our pages, or also change things. Needs the right to edit user groups as well. */
    public function grant(): void
    {
        $this->write('grant', function (): array {
            if (!$this->manages() || !$this->can('modify', 'user/user_permission')) {
                throw Refusal::permission();
            }
            $group = $this->post('user_group_id');
            if (!ctype_digit($group)) {
                throw Refusal::missing();
            }
            $kinds = $this->post('level') === 'modify' ? ['access', 'modify'] : ['access'];
            (new Setup($this->registry))->grant((int)$group, $kinds);

            return ['success' => $this->language->get('text_granted')];
        });
    }

    /** Called by OpenCart, which has checked the right to install. */
    public function install(): void
    {
        if (!$this->can('modify', 'extension/module')) {
            return;
        }
        (new Setup($this->registry))->install();
        $this->load->model('setting/setting');
        $this->model_setting_setting->editSetting('module_meschain', [
            'module_meschain_status' => '1',
            'module_meschain_range'  => 'last_30',
        ]);
        if ($this->native()) {
            try {
                (new \MesChain\Shop())->migrate();
            } catch (\Throwable $error) {
                // The settings page shows what is missing and offers the same step again.
                $this->log->write('MesChain: tables were not created at install: ' . $error->getMessage());
            }
        }
    }

    /** Called by OpenCart. Takes our events and cron entry away; figures, models and tables stay. */
    public function uninstall(): void
    {
        if ($this->can('modify', 'extension/module')) {
            (new Setup($this->registry))->uninstall();
        }
    }

    private function actions(): array
    {
        $save = ['form' => 'meschain-settings', 'icon' => 'save', 'text' => $this->language->get('button_save')];
        $back = ['icon' => 'reply', 'text' => $this->language->get('button_back')];

        return array_merge(
            $this->can('modify') ? [$save] : [],
            $this->manages() ? [$back + ['href' => $this->host('marketplace/extension', ['type' => 'module'])]] : []
        );
    }

    private function groups(): array
    {
        $this->load->model('user/user_group');
        $groups = [];
        foreach ($this->model_user_user_group->getUserGroups() as $row) {
            $held = $this->model_user_user_group->getUserGroup((int)$row['user_group_id'])['permission'] ?? [];
            $groups[] = [
                'user_group_id' => (int)$row['user_group_id'],
                'name'          => html_entity_decode($row['name'], ENT_QUOTES, 'UTF-8'),
                'access'        => !array_diff(Setup::ROUTES, (array)($held['access'] ?? [])),
                'modify'        => !array_diff(Setup::ROUTES, (array)($held['modify'] ?? [])),
            ];
        }

        return $groups;
    }

    private function migrations(\MesChain\Shop $shop): array
    {
        try {
            return ['available' => true, 'list' => $shop->migrationStatus()];
        } catch (\Throwable $error) {
            // Without a database doctor() says so in words; the list is then simply not there.
            $this->log->write('MesChain: migration state: ' . $error->getMessage());

            return ['available' => false, 'list' => []];
        }
    }
}

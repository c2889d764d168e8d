<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

/** Runs last: takes the package out through OpenCart's installer and puts it back. */
final class UninstallTest extends OpenCartCase
{
    private const OWN = ['meschain_ai_models', 'meschain_marketplaces', 'meschain_order_origin', 'meschain_product_costs', 'meschain_jobs'];

    public function testUninstallLeavesTheDataAndInstallingAgainFindsIt(): void
    {
        $admin = self::admin();
        $before = array_map(self::rowsOf(...), array_combine(self::OWN, self::OWN));
        self::assertGreaterThan(0, $before['meschain_ai_models']);

        $admin->disable('dashboard', 'meschain_sales');
        $admin->disable('module', 'meschain');
        $events = self::database()->query("SELECT COUNT(*) FROM oc_event WHERE code = 'meschain'")->fetch_row()[0];
        self::assertEquals(0, $events, 'the events stay behind');
        $id = (int) self::database()->query("SELECT extension_install_id FROM oc_extension_install WHERE code = 'meschain'")->fetch_row()[0];
        $admin->uninstall($id);
        self::assertDirectoryDoesNotExist(getenv('OPENCART_FOLDER') . '/extension/meschain/admin/controller');
        self::assertPage($dashboard = $admin->get('common/dashboard'), 'the dashboard after the uninstall');
        self::assertStringNotContainsString('menu-meschain', $dashboard['body']);
        self::assertSame($before, array_map(self::rowsOf(...), array_combine(self::OWN, self::OWN)));

        $admin->install((string) getenv('OPENCART_ZIP'));
        $admin->enable('module', 'meschain');
        self::assertStringContainsString('menu-meschain', $admin->get('common/dashboard')['body']);
        self::assertTrue($admin->json('extension/meschain/reporting/dashboard.data', ['range' => 'all'])['available']);
        self::assertSame($before, array_map(self::rowsOf(...), array_combine(self::OWN, self::OWN)));
    }

    public function testPermissionsAreNotDoubled(): void
    {
        $permission = json_decode((string) self::database()->query('SELECT permission FROM oc_user_group WHERE user_group_id = 1')->fetch_row()[0], true);
        // OpenCart itself adds the routes of modules and widgets once more at every install of theirs; the pages are our doing.
        $ours = array_filter($permission['access'], fn ($route) => preg_match('#^extension/meschain/(ai|reporting|performance)/#', $route));
        self::assertNotEmpty($ours);
        self::assertSame(array_unique($ours), $ours);
    }
}

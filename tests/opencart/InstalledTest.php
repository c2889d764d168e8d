<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

use MesChain\OpenCart\Admin;

final class InstalledTest extends OpenCartCase
{
    private static Admin $admin;

    public static function setUpBeforeClass(): void
    {
        self::$admin = self::admin();
    }

    public function testTheMenuLeadsToEveryPage(): void
    {
        $dashboard = self::$admin->get('common/dashboard');
        self::assertPage($dashboard, 'the administration\'s dashboard');
        self::assertStringContainsString('menu-meschain', $dashboard['body']);
        foreach (self::PAGES as $page) {
            self::assertStringContainsString("route=$page", $dashboard['body'], "the menu has no link to $page");
        }
    }

    public function testTheShopIsStillWhereItIsServed(): void
    {
        $url = (string) getenv('OPENCART_URL');
        self::assertStringContainsString("<base href=\"$url\"", (string) file_get_contents($url));
    }

    /** @dataProvider pages */
    public function testPageOpens(string $page): void
    {
        self::assertPage(self::$admin->get($page), $page);
    }

    public static function pages(): array
    {
        return array_combine(self::PAGES, array_map(fn ($page) => [$page], self::PAGES));
    }

    public function testADecimalForDecimalEqualDashboard(): void
    {
        $data = self::$admin->json('extension/meschain/reporting/dashboard.data', ['range' => 'all']);
        self::assertTrue($data['available']);
        self::assertSame(
            ['revenue', 'orders', 'average_order_value', 'units', 'returns', 'new_customers'],
            array_column($data['kpis'], 'id'),
        );
        $kpis = array_column($data['kpis'], 'value', 'id');
        $statuses = implode(',', array_map('intval', $data['statuses']['included']));
        $sql = self::database()->query("SELECT COUNT(*), SUM(total) FROM oc_order WHERE order_status_id IN ($statuses)")->fetch_row();
        self::assertGreaterThan(0, $kpis['orders']);
        self::assertEquals($sql[0], $kpis['orders']);
        self::assertSame($sql[1], $kpis['revenue']);
    }

    public function testTheFiguresAreVerifiedThroughSql(): void
    {
        $result = self::$admin->json('extension/meschain/reporting/dashboard.verify', ['range' => 'last_90']);
        self::assertTrue($result['equal'], json_encode($result));
        self::assertNotEmpty($result['checks']);
    }

    /** @dataProvider sections */
    public function testCsv(string $section): void
    {
        $response = self::$admin->get('extension/meschain/reporting/dashboard.csv', ['section' => $section, 'range' => 'last_90']);
        self::assertSame(200, $response['status']);
        self::assertStringStartsWith('text/csv', $response['type']);
        self::assertGreaterThan(2, count(explode("\n", trim($response['body']))), $response['body']);
    }

    public static function sections(): array
    {
        return [['kpis'], ['series'], ['top_products'], ['marketplaces']];
    }

    public function testTheModelsAreListedWithTheirBaselines(): void
    {
        $answer = json_encode(self::$admin->json('extension/meschain/ai/dashboard.data'));
        foreach (['categorization', 'pricing', 'forecasting', 'recommendation'] as $model) {
            self::assertStringContainsString("\"$model\"", $answer);
        }
        self::assertStringContainsString('"baseline"', $answer);
    }

    public function testAProductHasAForecast(): void
    {
        $top = self::$admin->json('extension/meschain/reporting/dashboard.data', ['range' => 'last_90'])['top_products'][0];
        $product = self::$admin->json('extension/meschain/ai/product.data', ['product_id' => $top['product_id']]);
        self::assertEquals($top['product_id'], $product['product_id']);
        self::assertTrue($product['forecast']['available'], json_encode($product['forecast']));
        self::assertTrue($product['related']['available'], json_encode($product['related']));
    }

    public function testTheRequestsOfTheseTestsWereTimed(): void
    {
        $data = self::$admin->json('extension/meschain/performance/monitor.data');
        $text = json_encode($data);
        self::assertStringContainsString('reporting\/dashboard', $text);
        self::assertMatchesRegularExpression('/"count":\s*[1-9]/', $text);
    }

    public function testWritingNeedsPost(): void
    {
        $answer = self::$admin->json('extension/meschain/module/meschain.migrate');
        self::assertArrayHasKey('error', $answer);
        $answer = self::$admin->json('extension/meschain/module/meschain.migrate', [], ['go' => '1']);
        self::assertArrayNotHasKey('error', $answer, json_encode($answer));
    }

    public function testAGroupWithoutTheRightToModifyMayOnlyLook(): void
    {
        $page = 'extension/meschain/reporting/dashboard';
        $reader = $this->user('reader', ['access' => ['common/dashboard', $page], 'modify' => []]);
        self::assertPage($reader->get($page), $page);
        self::assertArrayHasKey('error', $reader->json("$page.refresh", [], ['go' => '1']));
        $menu = $reader->get('common/dashboard')['body'];
        self::assertStringContainsString("route=$page", $menu);
        self::assertStringNotContainsString('route=extension/meschain/ai/dashboard', $menu);
    }

    public function testTheProductFormHasATabForThoseWhoMaySeeIt(): void
    {
        [$id] = self::database()->query('SELECT MIN(product_id) FROM oc_product WHERE model LIKE "MC%" OR product_id > 49')->fetch_row();
        $form = self::$admin->get('catalog/product.form', ['product_id' => $id])['body'];
        self::assertSame(1, substr_count($form, 'id="tab-meschain"'));
        self::assertStringContainsString('embedded=1', html_entity_decode($form));
        $clerk = $this->user('clerk', ['access' => ['common/dashboard', 'catalog/product'], 'modify' => []]);
        self::assertStringNotContainsString('meschain', $clerk->get('catalog/product.form', ['product_id' => $id])['body']);
    }

    public function testAGroupWithoutTheRightSeesNothing(): void
    {
        $stranger = $this->user('stranger', ['access' => ['common/dashboard'], 'modify' => []]);
        $body = $stranger->get('extension/meschain/reporting/dashboard')['body'];
        self::assertStringNotContainsString('reporting_dashboard.js', $body);
        $answer = json_decode($stranger->get('extension/meschain/reporting/dashboard.data')['body'], true);
        self::assertFalse(isset($answer['kpis']));
    }

    public function testTurkish(): void
    {
        $code = 'tr-tr';
        // The sample shop brings Turkish; elsewhere a shop's owner turns it on like this.
        [$id] = self::database()->query("SELECT MAX(language_id) FROM oc_language WHERE code = '$code'")->fetch_row();
        $answer = self::$admin->json('localisation/language.save', [], [
            'language_id' => (int) $id, 'name' => 'Türkçe', 'code' => $code, 'locale' => 'tr-TR,tr_TR.UTF-8', 'extension' => '',
            'status' => 1, 'sort_order' => 2,
        ]);
        self::assertArrayHasKey('success', $answer, json_encode($answer));
        $admin = self::admin();
        $admin->cookie('language', $code);
        $_ = [];
        require dirname(__DIR__, 2) . "/opencart-extension/admin/language/$code/reporting/dashboard.php";
        $body = $admin->get('extension/meschain/reporting/dashboard')['body'];
        self::assertStringContainsString($_['heading_title'], html_entity_decode($body));
        $csv = $admin->get('extension/meschain/reporting/dashboard.csv', ['section' => 'kpis', 'range' => 'last_90'])['body'];
        self::assertStringContainsString(';', $csv);
    }

    public function testWithoutTheExtensionThePagesExplainAndNothingBreaks(): void
    {
        $admin = self::admin(url: (string) getenv('OPENCART_PLAIN_URL'));
        self::assertPage($admin->get('common/dashboard'), 'the administration\'s dashboard');
        foreach (self::PAGES as $page) {
            $response = $admin->get($page);
            self::assertPage($response, "$page without the extension");
            self::assertStringContainsString('meschain.so', $response['body']);
        }
        $answer = $admin->json('extension/meschain/reporting/dashboard.data');
        self::assertArrayHasKey('error', $answer);
    }
}

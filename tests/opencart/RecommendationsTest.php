<?php

declare(strict_types=1);

namespace MesChain\Tests\OpenCart;

use MesChain\OpenCart\Admin;

/** The storefront's module: added in the admin, put into a layout, seen by a shopper, harmless without the extension. */
final class RecommendationsTest extends OpenCartCase
{
    private const ROUTE = 'extension/meschain/module/meschain_recommendations';

    private static Admin $admin;

    public static function setUpBeforeClass(): void
    {
        self::$admin = self::admin();
        self::$admin->enable('module', 'meschain_recommendations');
    }

    /** OpenCart removes no package of which a part is still on. */
    public static function tearDownAfterClass(): void
    {
        self::$admin->disable('module', 'meschain_recommendations');
    }

    public function testAShopperSeesWhatGoesWithTheProductAndOnlyWhatCanBeBought(): void
    {
        $this->placed('related');
        $page = $this->shop('product/product', ['product_id' => $this->soldProduct()]);
        self::assertSame(200, $page['status']);
        self::assertStringContainsString('Similar products', $page['body']);
        $shown = $this->shown($page['body']);
        self::assertCount(4, $shown);
        self::assertNotContains($this->soldProduct(), $shown);
        $sellable = self::database()->query('SELECT COUNT(*) FROM oc_product WHERE status = 1 AND quantity > 0 AND product_id IN (' . implode(',', $shown) . ')');
        self::assertSame(4, (int) $sellable->fetch_row()[0]);
    }

    public function testWhatIsSoldOutSinceTheModelLearntIsLeftOutAndTheNextTakesItsPlace(): void
    {
        $this->placed('related', 210);
        $first = $this->shown($this->shop('product/product', ['product_id' => $this->soldProduct()])['body']);
        $this->placed('related', 211);
        [$left] = self::database()->query("SELECT quantity FROM oc_product WHERE product_id = $first[0]")->fetch_row();
        self::database()->query("UPDATE oc_product SET quantity = 0 WHERE product_id = $first[0]");
        $page = $this->shop('product/product', ['product_id' => $this->soldProduct()]);
        self::database()->query("UPDATE oc_product SET quantity = $left WHERE product_id = $first[0]");
        self::assertStringContainsString('Similar products', $page['body']);
        $second = $this->shown($page['body']);
        self::assertSame(array_slice($first, 1), array_slice($second, 0, 3), 'the others keep their order');
        self::assertCount(4, $second);
    }

    public function testACardIsDrawnOnceForAllModules(): void
    {
        $this->placed('related', 212);
        $shown = $this->shown($this->shop('product/product', ['product_id' => $this->soldProduct()])['body']);
        $name = self::database()->query("SELECT name FROM oc_product_description WHERE product_id = $shown[0] AND language_id = 1")->fetch_row()[0];
        self::database()->query("UPDATE oc_product_description SET name = 'Renamed meanwhile' WHERE product_id = $shown[0] AND language_id = 1");
        $this->placed('related', 212, 5);
        $page = $this->shop('product/product', ['product_id' => $this->soldProduct()]);
        self::database()->execute_query("UPDATE oc_product_description SET name = ? WHERE product_id = $shown[0] AND language_id = 1", [$name]);
        self::assertCount(5, $this->shown($page['body']), 'another question');
        preg_match('/<section class="meschain-recommendations">.*?<\/section>/s', $page['body'], $section);
        self::assertStringNotContainsString('Renamed meanwhile', $section[0], 'the card that was there');
    }

    public function testAGuestWithoutABasketSeesWhatSells(): void
    {
        $this->placed('for_you');
        $page = $this->shop('product/product', ['product_id' => $this->soldProduct()]);
        self::assertStringContainsString('Popular now', $page['body']);
        self::assertCount(4, $this->shown($page['body']));
    }

    /** @return array<string, array{string, int}> an address, and a width for each: the shops share a cache */
    public static function addresses(): array
    {
        return ['without the extension' => ['OPENCART_PLAIN_URL', 220], 'without a model' => ['OPENCART_UNTRAINED_URL', 221],
            'with a model that is refused' => ['OPENCART_REFUSED_URL', 222], 'with an extension that answers nothing' => ['OPENCART_SILENT_URL', 223]];
    }

    /** @dataProvider addresses */
    public function testWhatSellsIsShownWhereTheModelsAnswerNothing(string $address, int $width): void
    {
        foreach (['related', 'together', 'for_you'] as $kind) {
            $this->placed($kind, $width);
            $page = $this->shop('product/product', ['product_id' => $this->soldProduct()], (string) getenv($address));
            self::assertSame(200, $page['status']);
            self::assertStringContainsString('Popular now', $page['body'], $kind);
            self::assertStringNotContainsString('Similar products', $page['body'], $kind);
            $shown = $this->shown($page['body']);
            self::assertCount(4, $shown, $kind);
            self::assertSame(4, $this->soldOf($shown), $kind);
            self::assertDoesNotMatchRegularExpression('/(Warning|Notice|Deprecated|Fatal error)<?\/?b?>?:\s/', $page['body'], $kind);
            if ($kind !== 'for_you') {
                self::assertNotContains($this->soldProduct(), $shown, $kind);
            }
        }
    }

    public function testNamesAndDescriptionsThatPassedNoFormAreEscaped(): void
    {
        $this->placed('related', 213);
        $shown = $this->shown($this->shop('product/product', ['product_id' => $this->soldProduct()])['body']);
        $hostile = '<script>window.broken=1</script>"><img src=x onerror=\'window.broken=1\'> AT&T &amp; &lt;b&gt;';
        $names = [$hostile, '"' . str_repeat('Ü<', 127), str_repeat('&', 255)];
        $kept = [];
        foreach ($names as $at => $name) {
            $of = "oc_product_description WHERE product_id = $shown[$at] AND language_id = 1";
            $kept[$shown[$at]] = self::database()->query("SELECT name, description FROM $of")->fetch_row();
            $this->described($shown[$at], $name, '<p>' . $hostile . '</p>&lt;p&gt;&amp;lt;script&amp;gt;window.broken=1&lt;/p&gt;');
        }
        $this->placed('related', 214);
        $page = $this->shop('product/product', ['product_id' => $this->soldProduct()]);
        foreach ($kept as $product => [$name, $description]) {
            $this->described($product, $name, $description);
        }
        preg_match('/<section class="meschain-recommendations">.*?<\/section>/s', $page['body'], $section);
        self::assertSame($shown, $this->shown($page['body']));
        self::assertDoesNotMatchRegularExpression('/<script|<img src=x|<b>/', $section[0]);
        $document = new \DOMDocument();
        $document->loadHTML('<meta charset="utf-8">' . $section[0], LIBXML_NOERROR);
        $links = [];
        foreach ((new \DOMXPath($document))->query('//h4/a') as $link) {
            $links[] = $link->textContent;
        }
        self::assertSame(['<script>window.broken=1</script>"><img src=x onerror=\'window.broken=1\'> AT&T & <b>', $names[1], $names[2]], array_slice($links, 0, 3));
        self::assertSame(0, (new \DOMXPath($document))->query('//@onerror | //script')->length);
    }

    public function testOtherExtensionsSeeEveryCardAndTheSectionWithItsCards(): void
    {
        $folder = getenv('OPENCART_FOLDER') . '/catalog/controller/probe';
        is_dir($folder) || mkdir($folder);
        file_put_contents("$folder/cards.php", <<<'PHP'
            <?php
            namespace Opencart\Catalog\Controller\Probe;
            class Cards extends \Opencart\System\Engine\Controller {
                public function card(string &$route, array &$args, mixed &$output): void {
                    $output = str_replace('product-thumb', 'product-thumb probed-' . $args['product_id'], $output);
                }
                public function section(string &$route, array &$args): void {
                    $args['heading_title'] .= ' of ' . substr_count(implode($args['products']), 'probed-') . ' cards';
                }
            }
            PHP);
        foreach (['product/thumb/after' => 'card', self::ROUTE . '/before' => 'section'] as $trigger => $method) {
            self::database()->query("INSERT INTO oc_event SET code = 'probe', description = '', `trigger` = 'catalog/view/$trigger', action = 'probe/cards.$method', status = 1, sort_order = 0");
        }
        try {
            $this->placed('related', 232);
            foreach ([$this->soldProduct(), null] as $product) {
                $page = $this->shop('product/product', ['product_id' => $product ?? $shown[0]]);
                $shown = $this->shown($page['body']);
                self::assertCount(4, $shown);
                self::assertStringContainsString('Similar products of 4 cards', $page['body']);
                preg_match_all('/probed-(\d+)/', $this->section($page['body']), $probed);
                self::assertSame($shown, array_map('intval', $probed[1]));
            }
        } finally {
            self::database()->query("DELETE FROM oc_event WHERE code = 'probe'");
            unlink("$folder/cards.php");
            rmdir($folder);
        }
    }

    public function testTheAdministrationsTemplatesOfCardAndSectionAreUsed(): void
    {
        $this->placed('related', 233);
        $this->template('product/thumb', '<div class="own-card"><input type="hidden" name="product_id" value="{{ product_id }}"/></div>');
        $this->template(self::ROUTE, '<section class="meschain-recommendations">{% for product in products %}{{ product }}{{ product|replace({"own-card": "again"}) }}{% endfor %}</section>');
        try {
            foreach ([$this->soldProduct(), null] as $product) {
                $section = $this->section($this->shop('product/product', ['product_id' => $product ?? $shown[0]])['body']);
                $shown = $this->shown($section);
                self::assertCount(8, $shown, 'each card twice');
                self::assertSame(4, substr_count($section, 'own-card'));
                self::assertSame(4, substr_count($section, 'again'));
            }
        } finally {
            self::database()->query('DELETE FROM oc_theme');
        }
    }

    public function testTheFormRefusesWhatItCannotUse(): void
    {
        $answer = $this->save(['name' => 'x', 'kind' => 'auto', 'axis' => 'horizontal', 'limit' => '0', 'width' => 'wide', 'height' => '200']);
        self::assertSame(['name', 'limit', 'width'], array_keys($answer['error']));
        self::assertPage(self::$admin->get(self::ROUTE), 'the module\'s form');
        $form = self::$admin->get(self::ROUTE . '.save');
        self::assertArrayHasKey('warning', json_decode($form['body'], true)['error']);
    }

    /** One instance of this kind in the layout of product pages, and no other of ours. */
    private function placed(string $kind, int $width = 200, int $limit = 4): void
    {
        $database = self::database();
        $database->query("DELETE FROM oc_module WHERE code = 'meschain.meschain_recommendations'");
        $database->query("DELETE FROM oc_layout_module WHERE code LIKE 'meschain.meschain\\_recommendations%'");
        $saved = $this->save(['name' => 'Related', 'kind' => $kind, 'axis' => 'horizontal', 'limit' => (string) $limit, 'width' => (string) $width, 'height' => '200', 'status' => '1']);
        self::assertArrayHasKey('module_id', $saved, json_encode($saved));
        [$layout] = $database->query("SELECT layout_id FROM oc_layout_route WHERE route = 'product/product'")->fetch_row();
        $database->query("INSERT INTO oc_layout_module SET layout_id = $layout, code = 'meschain.meschain_recommendations.{$saved['module_id']}', position = 'content_bottom', sort_order = 9");
    }

    private function save(array $fields): array
    {
        return self::$admin->json(self::ROUTE . '.save', [], $fields + ['module_id' => '0']);
    }

    private function template(string $route, string $code): void
    {
        $status = self::database()->query("SHOW COLUMNS FROM oc_theme LIKE 'status'")->num_rows ? ', status = 1' : '';
        self::database()->execute_query("INSERT INTO oc_theme SET store_id = 0, route = ?, code = ?, date_added = NOW()$status", [$route, $code]);
    }

    private function described(int $product, string $name, string $description): void
    {
        self::database()->execute_query('UPDATE oc_product_description SET name = ?, description = ? WHERE product_id = ? AND language_id = 1', [$name, $description, $product]);
    }

    /** @param list<int> $products */
    private function soldOf(array $products): int
    {
        return (int) self::database()->query('SELECT COUNT(DISTINCT product_id) FROM oc_order_product WHERE product_id IN (' . implode(',', $products) . ')')->fetch_row()[0];
    }

    private function soldProduct(): int
    {
        return (int) self::database()->query('SELECT op.product_id FROM oc_order_product op JOIN oc_product p ON p.product_id = op.product_id AND p.status = 1
            JOIN oc_product_to_store s ON s.product_id = p.product_id AND s.store_id = 0 GROUP BY op.product_id ORDER BY COUNT(*) DESC, op.product_id LIMIT 1')->fetch_row()[0];
    }

    private function section(string $html): string
    {
        preg_match('/<section class="meschain-recommendations">.*?<\/section>/s', $html, $section);

        return $section[0] ?? '';
    }

    /** @return list<int> products of the module, in order */
    private function shown(string $html): array
    {
        preg_match_all('/name="product_id" value="(\d+)"/', $this->section($html), $found);

        return array_map('intval', $found[1]);
    }

    /** @return array{status: int, body: string} */
    private function shop(string $route, array $query, ?string $url = null): array
    {
        $curl = curl_init(($url ?? (string) getenv('OPENCART_URL')) . 'index.php?' . http_build_query(['route' => $route, 'language' => 'en-gb'] + $query));
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_PROXY => '', CURLOPT_TIMEOUT => 60]);
        $body = (string) curl_exec($curl);

        return ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'body' => $body];
    }
}

<?php
// What the shop's module adds to a product page of a real OpenCart, beside OpenCart's own modules and its related products. Each is drawn by
// OpenCart inside the page; two events say how long that took. Environment: what scripts/opencart/shop.sh sets.

declare(strict_types=1);

require __DIR__ . '/../Bench.php';
require __DIR__ . '/../../scripts/opencart/Admin.php';

const PRODUCTS = 20;
const CUSTOMERS = 8;
const PAGES = 5;
const ROUNDS = 5;
const SHOWN = 4;
const PASSWORD = 'meschain-bench';
const OURS = 'meschain.meschain_recommendations';

$database = Bench::database((string) getenv('OPENCART_DATABASE_URL'));
prepare($database);
$products = array_map('intval', array_column($database->query('SELECT p.product_id FROM oc_product p JOIN oc_order_product o USING (product_id)
    WHERE p.status = 1 GROUP BY p.product_id ORDER BY COUNT(*) DESC, p.product_id LIMIT ' . PRODUCTS)->fetch_all(MYSQLI_ASSOC), 'product_id'));

$guest = new Shopper();
$rivals = [
    'bestseller' => measure($database, 'opencart.bestseller', [], $products, $guest),
    'latest' => measure($database, 'opencart.latest', [], $products, $guest),
];
if (is_file(getenv('OPENCART_FOLDER') . '/catalog/controller/product/related.php')) {
    $rivals['related products'] = measure($database, null, [], $products, $guest, 'product/related');
}
foreach (['related' => 'similar products', 'together' => 'bought together', 'trending' => 'popular now'] as $kind => $name) {
    $times = measure($database, OURS, ['kind' => $kind], $products, $guest);
    // What is popular is the same on every page: only the first one draws it.
    report($name, $kind === 'trending' ? ['fresh' => [], 'together' => []] + $times : $times, $rivals);
}
$personal = ['fresh' => [], 'kept' => [], 'together' => []];
foreach (customers($database) as $email) {
    $times = measure($database, OURS, ['kind' => 'for_you'], array_slice($products, 0, PAGES), new Shopper($email));
    // Only the first page of a customer asks the model: what it says does not hang on the page.
    $personal['fresh'][] = $times['first'];
    array_push($personal['kept'], ...$times['kept']);
    $personal['together'][] = $times['together'][0];
}
report('for the customer', $personal, $rivals);

/**
 * Milliseconds: `fresh` is drawn from nothing, `kept` comes as it was drawn before, `together` is a question that is new while the cards of its
 * products are there from others. Each module is alone in the layout, so that none warms up what the next one needs.
 */
function measure(mysqli $database, ?string $code, array $setting, array $products, Shopper $shopper, ?string $route = null): array
{
    $setting += ['width' => own_width()];
    place($database, $code, $setting);
    $route ??= 'extension/' . str_replace('.', '/module/', $code);
    $times = ['fresh' => [], 'kept' => [], 'together' => []];
    $pages = static function (string $into) use (&$times, $products, $shopper, $route): void {
        foreach ($products as $product) {
            $times[$into][] = $shopper->page($product, $route);
        }
    };
    $pages('fresh');
    for ($round = 0; $round < ROUNDS; $round++) {
        $pages('kept');
    }
    if ($code === OURS) {
        // The axis is a part of the section, not of its cards.
        place($database, $code, $setting + ['axis' => 'vertical']);
        $pages('together');
    }
    $times['first'] = $times['fresh'][0];
    return $times;
}

/** The same size, spelt in a way of its own: nothing that is kept fits it, also from a run before, and no picture has to be resized. */
function own_width(): string
{
    static $width = null;
    $width ??= str_repeat('0', random_int(1, 2000)) . '200';
    return $width = '0' . $width;
}

function report(string $what, array $ours, array $rivals): void
{
    $ways = ['kept' => 'drawn lately', 'together' => 'new, of cards drawn lately', 'fresh' => 'drawn anew'];
    foreach (array_filter($ways, static fn (string $key): bool => $ours[$key] !== [], ARRAY_FILTER_USE_KEY) as $key => $how) {
        foreach ($rivals as $rival => $theirs) {
            Bench::report("module of the shop, $what", $how, median($ours[$key]), "OpenCart, $rival", median($key === 'kept' ? $theirs['kept'] : $theirs['fresh']), 'ms',
                'added to a product page of OpenCart ' . getenv('OPENCART_VERSION') . ', ' . SHOWN . ' products');
        }
    }
}

function median(array $times): float
{
    sort($times);
    return $times[intdiv(count($times), 2)];
}

/** The timer, and what OpenCart's own modules show: the best sellers of its table, and four related products for each. */
function prepare(mysqli $database): void
{
    $folder = getenv('OPENCART_FOLDER') . '/catalog/controller/bench';
    is_dir($folder) || mkdir($folder);
    copy(__DIR__ . '/timer.php', "$folder/timer.php");
    foreach (['extension/*/module/*', 'product/related'] as $at => $trigger) {
        foreach (['before', 'after'] as $when) {
            $database->query("INSERT INTO oc_event SET code = 'bench_$at$when', description = '', `trigger` = 'catalog/controller/$trigger/$when',
                action = 'bench/timer.$when', status = 1, sort_order = 0");
        }
    }
    $admin = new MesChain\OpenCart\Admin((string) getenv('OPENCART_URL'));
    $admin->login('admin', (string) getenv('OPENCART_PASSWORD'));
    foreach (['bestseller', 'latest'] as $module) {
        $admin->enable('module', $module, 'opencart');
    }
    $database->query('REPLACE INTO oc_product_bestseller (product_id, total) SELECT product_id, SUM(quantity) FROM oc_order_product GROUP BY product_id');
    $database->query('DELETE FROM oc_product_related');
    $database->query('INSERT INTO oc_product_related (product_id, related_id) SELECT product_id, related_id FROM (
        SELECT p.product_id, r.product_id AS related_id, ROW_NUMBER() OVER (PARTITION BY p.product_id ORDER BY CRC32(CONCAT(p.product_id, r.product_id))) AS place
        FROM (SELECT product_id FROM oc_order_product GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT ' . 2 * PRODUCTS . ') p
        JOIN (SELECT product_id FROM oc_product WHERE status = 1 ORDER BY product_id LIMIT 200) r ON r.product_id <> p.product_id) x WHERE place <= ' . SHOWN);
}

/** One module in the layout of product pages, or none. */
function place(mysqli $database, ?string $code, array $setting): void
{
    [$layout] = $database->query("SELECT layout_id FROM oc_layout_route WHERE route = 'product/product' ORDER BY store_id LIMIT 1")->fetch_row();
    $database->query("DELETE FROM oc_layout_module WHERE layout_id = $layout");
    if ($code === null) {
        return;
    }
    $setting += ['name' => 'Bench', 'axis' => 'horizontal', 'limit' => SHOWN, 'width' => 200, 'height' => 200, 'status' => '1'];
    $database->execute_query('INSERT INTO oc_module (name, code, setting) VALUES (?, ?, ?)', ['Bench', $code, json_encode($setting)]);
    $database->query("INSERT INTO oc_layout_module SET layout_id = $layout, code = '$code.{$database->insert_id}', position = 'content_bottom', sort_order = 1");
}

/** @return list<string> who bought most and may sign in with our password */
function customers(mysqli $database): array
{
    $found = $database->query('SELECT c.customer_id, c.email FROM oc_customer c JOIN oc_order o USING (customer_id) WHERE c.status = 1
        GROUP BY c.customer_id, c.email ORDER BY COUNT(*) DESC, c.customer_id LIMIT ' . CUSTOMERS)->fetch_all(MYSQLI_ASSOC);
    foreach ($found as $row) {
        $database->execute_query('UPDATE oc_customer SET password = ?, safe = 0 WHERE customer_id = ?', [password_hash(PASSWORD, PASSWORD_DEFAULT), $row['customer_id']]);
    }
    return array_column($found, 'email');
}

/** A visitor with a session of his own, as a guest or signed in. */
final class Shopper
{
    private CurlHandle $curl;
    private string $headers = '';

    public function __construct(?string $email = null)
    {
        $this->curl = curl_init();
        curl_setopt_array($this->curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_COOKIEFILE => '', CURLOPT_PROXY => '', CURLOPT_TIMEOUT => 60,
            CURLOPT_HEADERFUNCTION => function ($curl, string $line): int {
                $this->headers .= $line;
                return strlen($line);
            }]);
        if ($email !== null) {
            preg_match('/login_token=([0-9a-z]+)/i', $this->open(['route' => 'account/login']), $found) || throw new RuntimeException('The shop has no form to sign in.');
            $said = $this->open(['route' => 'account/login.login', 'login_token' => $found[1]], ['email' => $email, 'password' => PASSWORD]);
            isset(json_decode($said, true)['redirect']) || throw new RuntimeException("The shop refuses $email: $said");
        }
    }

    /** Milliseconds that the module took inside the page. */
    public function page(int $product, string $route): float
    {
        $this->headers = '';
        $body = $this->open(['route' => 'product/product', 'product_id' => $product]);
        preg_match("#X-Bench: $route (\d+)#i", $this->headers, $found) || throw new RuntimeException("$route was not drawn on the page of product $product.");
        $cards = substr_count($body, 'name="product_id" value=') - 1;
        $cards >= SHOWN || throw new RuntimeException("$route showed $cards products on the page of product $product.");
        return (int) $found[1] / 1e6;
    }

    private function open(array $query, ?array $post = null): string
    {
        curl_setopt($this->curl, CURLOPT_URL, getenv('OPENCART_URL') . 'index.php?' . http_build_query($query + ['language' => 'en-gb']));
        curl_setopt_array($this->curl, $post === null ? [CURLOPT_HTTPGET => true] : [CURLOPT_POSTFIELDS => http_build_query($post)]);
        return (string) curl_exec($this->curl);
    }
}

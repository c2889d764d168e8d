<?php

namespace Opencart\System\Library\Extension\Meschain;

/**
 * What every page of ours does around its own work: permission, the check for the native extension, language, timing,
 * headers, and turning anything thrown into a page or an answer instead of OpenCart's bare error page.
 *
 * A controller states ROUTE and hands closures to page(), json(), write() or file(). It keeps no state in properties:
 * OpenCart 4.1 keeps controllers for the whole request, 4.0 makes a new one per call.
 */
abstract class Page extends \Opencart\System\Engine\Controller
{
    public const VERSION = '0.1.0';

    /** Route under extension/meschain/, also the name of its language file. */
    protected const ROUTE = '';

    /** Routes whose sentences a page uses too; its own win. */
    protected const SENTENCES_OF = [];

    private const JSON = JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT | JSON_UNESCAPED_UNICODE
        | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;

    /**
     * Draws a page. The closure returns [template, data]; data['page'] is what the page's script is given as JSON,
     * data['actions'] the buttons beside the heading.
     *
     * @param list<string> $scripts files under admin/view/javascript/
     */
    protected function page(string $method, array $scripts, callable $body): void
    {
        $this->timed($method, function () use ($scripts, $body): int {
            $this->texts();
            $status = 200;
            try {
                $this->admit('access');
                [$template, $data] = $body();
                $this->assets($scripts);
                $data['page_json'] = $this->encode($this->context($data['page'] ?? []));
                $html = $this->load->view('extension/meschain/' . $template, $data + $this->frame($data['actions'] ?? []));
            } catch (\Throwable $error) {
                [$html, $status] = $this->failed($error);
            }
            $this->answer('text/html; charset=utf-8', $html, $status);

            return $status;
        });
    }

    /** Answers JSON to a script. Reading needs access to the page; see write() for changes. */
    protected function json(string $method, callable $body, string $permission = 'access'): void
    {
        $this->timed($method, function () use ($body, $permission): int {
            $this->texts();
            $status = 200;
            try {
                $this->admit($permission);
                $answer = $this->plain($body());
            } catch (\Throwable $error) {
                $failure = $this->report($error);
                $status = $failure->status;
                $answer = ['error' => $this->sentence($failure), 'code' => $failure->code, 'detail' => $failure->detail];
            }
            $this->answer('application/json; charset=utf-8', $this->encode($answer), $status);

            return $status;
        });
    }

    /** Answers JSON to a change: POST only, with the right to modify. The user_token was checked before we ran. */
    protected function write(string $method, callable $body): void
    {
        $this->json($method, function () use ($body): array {
            if (($this->request->server['REQUEST_METHOD'] ?? '') !== 'POST') {
                throw Refusal::method();
            }

            return $body();
        }, 'modify');
    }

    /** Sends a file. The closure returns [name, content]; what fails is shown as a page. */
    protected function file(string $method, string $type, callable $body): void
    {
        $this->timed($method, function () use ($type, $body): int {
            $this->texts();
            try {
                $this->admit('access');
                [$name, $content] = $body();
            } catch (\Throwable $error) {
                [$html, $status] = $this->failed($error);
                $this->answer('text/html; charset=utf-8', $html, $status);

                return $status;
            }
            $this->response->addHeader('Content-Disposition: attachment; filename="' . preg_replace('/[^\w.-]/', '_', $name) . '"');
            $this->answer($type, $content, 200);

            return 200;
        });
    }

    protected function native(): bool
    {
        return class_exists(\MesChain\Reporting::class, false);
    }

    protected function can(string $kind, string $route = ''): bool
    {
        return (bool)$this->user->hasPermission($kind, $route ?: 'extension/meschain/' . static::ROUTE);
    }

    /** Whether the host is an OpenCart whose events and user groups are ours to look after, and the user may. */
    protected function manages(): bool
    {
        return $this->can('access', 'marketplace/extension');
    }

    /** A link for scripts (plain &) to a route under extension/meschain/ with the caller's token. */
    protected function link(string $route, array $query = []): string
    {
        return $this->host('extension/meschain/' . $route, $query);
    }

    /** A link to any route of the host. */
    protected function host(string $route, array $query = []): string
    {
        $token = ['user_token' => $this->session->data['user_token'] ?? ''];

        return $this->url->link($route, http_build_query($token + $query), true);
    }

    /** A query parameter as text. OpenCart has already run htmlspecialchars over it. */
    protected function get(string $key, string $default = ''): string
    {
        $value = $this->request->get[$key] ?? $default;

        return is_string($value) ? html_entity_decode($value, ENT_QUOTES, 'UTF-8') : $default;
    }

    protected function post(string $key, string $default = ''): string
    {
        $value = $this->request->post[$key] ?? $default;

        return is_string($value) ? html_entity_decode($value, ENT_QUOTES, 'UTF-8') : $default;
    }

    /** The shop's default currency, as scripts want it. */
    protected function currency(): array
    {
        $this->load->model('extension/meschain/shop');

        return $this->model_extension_meschain_shop->getCurrency();
    }

    protected function format(): Formatter
    {
        return new Formatter($this->language->get('locale'));
    }

    /**
     * OpenCart's frame and our heading with its buttons.
     *
     * @param list<array{href?:string,form?:string,icon:string,text:string}> $actions
     */
    private function frame(array $actions): array
    {
        $this->document->setTitle($this->language->get('heading_title'));
        $breadcrumbs = [
            ['text' => $this->language->get('text_home'), 'href' => $this->host('common/dashboard')],
            ['text' => $this->language->get('text_meschain'), 'href' => $this->link('reporting/dashboard')],
            ['text' => $this->language->get('heading_title'), 'href' => $this->link(static::ROUTE)],
        ];

        return [
            'heading'     => $this->load->view('extension/meschain/common/heading', [
                'heading_title' => $this->language->get('heading_title'),
                'breadcrumbs'   => $breadcrumbs,
                'actions'       => $actions,
            ]),
            'header'      => $this->load->controller('common/header'),
            'column_left' => $this->load->controller('common/column_left'),
            'footer'      => $this->load->controller('common/footer'),
        ];
    }

    /** The language files: what all pages share, then the page's own. */
    protected function texts(): void
    {
        $this->load->language('extension/meschain/common');
        foreach ([...static::SENTENCES_OF, static::ROUTE] as $route) {
            $this->load->language('extension/meschain/' . $route);
        }
    }

    /** What a script is given: formats, its sentences (keys that start with js_), links, rights. */
    protected function context(array $page): array
    {
        $texts = [];
        foreach ($this->language->all() as $key => $text) {
            if (str_starts_with((string)$key, 'js_')) {
                $texts[substr($key, 3)] = $text;
            }
        }

        return $page + [
            'locale' => $this->language->get('locale'),
            'zone'   => (string)ini_get('meschain.timezone'),
            'can'    => ['modify' => $this->can('modify')],
            'login'  => $this->url->link('common/login', '', true),
            'texts'  => $texts,
        ];
    }

    private function assets(array $scripts): void
    {
        $this->document->addStyle($this->asset('vendor/uPlot.min.css'));
        $this->document->addStyle($this->asset('stylesheet/meschain.css'), 'stylesheet', 'all');
        foreach (['vendor/uPlot.iife.min.js', 'javascript/core.js', 'javascript/format.js', 'javascript/chart.js'] as $script) {
            $this->document->addScript($this->asset($script));
        }
        foreach ($scripts as $script) {
            $this->document->addScript($this->asset('javascript/' . $script));
        }
    }

    /** Relative to the admin folder, as OpenCart's <base> wants it. */
    protected function asset(string $file): string
    {
        return '../extension/meschain/admin/view/' . $file . '?v=' . self::VERSION;
    }

    /** Refuses who may not, on this page or on another route. */
    protected function demand(string $kind, string $route = ''): void
    {
        if (!$this->can($kind, $route)) {
            throw Refusal::permission();
        }
    }

    /** Who may not is refused; then everybody where the native extension is missing. */
    private function admit(string $kind): void
    {
        $this->demand($kind);
        if (!$this->native()) {
            throw Refusal::extension();
        }
    }

    protected function report(\Throwable $error): Failure
    {
        if (!$error instanceof Refusal) {
            $this->log->write('MesChain ' . static::ROUTE . ': ' . $error::class . ': ' . $error->getMessage()
                . ' in ' . basename($error->getFile()) . ':' . $error->getLine());
        }

        return Failure::of($error);
    }

    private function sentence(Failure $failure): string
    {
        $key = 'error_' . $failure->code;
        $text = $this->language->get($key);

        return $text === $key ? $this->language->get('error_internal') : $text;
    }

    /** @return array{string,int} the page that says what failed, and its status */
    private function failed(\Throwable $error): array
    {
        $failure = $this->report($error);
        $this->document->addStyle($this->asset('stylesheet/meschain.css'), 'stylesheet', 'all');
        $data = [
            'code'     => $failure->code,
            'sentence' => $this->sentence($failure),
            'detail'   => $failure->detail,
            'settings' => $this->can('access', 'extension/meschain/module/meschain') ? $this->link('module/meschain') : '',
            'php'      => PHP_VERSION,
            'sapi'     => PHP_SAPI,
            'ini'      => (string)php_ini_loaded_file(),
        ];
        $template = $failure->code === 'extension' ? 'common/missing' : 'common/failed';
        $status = $failure->code === 'extension' ? 200 : $failure->status;

        return [$this->load->view('extension/meschain/' . $template, $data + $this->frame([])), $status];
    }

    private function answer(string $type, string $body, int $status): void
    {
        http_response_code($status);
        foreach ([
            'Content-Type: ' . $type,
            'X-Content-Type-Options: nosniff',
            'X-Frame-Options: SAMEORIGIN',
            'Referrer-Policy: same-origin',
            'Cache-Control: no-store, private',
        ] as $header) {
            $this->response->addHeader($header);
        }
        $this->response->setOutput($body);
    }

    protected function encode(array $data): string
    {
        return json_encode($data, self::JSON);
    }

    /**
     * OpenCart stores names as HTML (`Tom &amp; Jerry`). Answers carry plain text; whoever draws them escapes.
     */
    protected function plain(array $data): array
    {
        array_walk_recursive($data, static function (mixed &$value): void {
            if (is_string($value) && str_contains($value, '&')) {
                $value = html_entity_decode($value, ENT_QUOTES | ENT_HTML5, 'UTF-8');
            }
        });

        return $data;
    }

    /** Times our own pages through the native monitor. Measuring never fails a page. */
    private function timed(string $method, callable $work): void
    {
        $monitor = $context = null;
        if ($this->native()) {
            try {
                $monitor = (new \MesChain\Performance())->monitor();
                $endpoint = 'extension/meschain/' . static::ROUTE . ($method === 'index' ? '' : '.' . $method);
                $context = $monitor->startRequest($endpoint, (string)($this->request->server['REQUEST_METHOD'] ?? 'GET'));
            } catch (\Throwable) {
                $monitor = null;
            }
        }
        $status = $work();
        if ($monitor !== null && $context !== null) {
            try {
                $monitor->endRequest($context, $status);
            } catch (\Throwable) {
                return;
            }
        }
    }
}

<?php

namespace MesChainConsole;

use Opencart\System\Library\Extension\Meschain\Setup;

/** One request of the console: services, who asks, may they, run the route, send the answer. */
final class Kernel
{
    private const OPEN = ['common/login', 'common/language'];
    private const UNCHECKED = ['common/login', 'common/logout', 'common/language', 'common/dashboard', 'error/permission', 'error/not_found'];

    private Registry $registry;

    public function __construct(private string $root)
    {
    }

    public function handle(): void
    {
        $this->boot();
        $route = $this->registry->get('request')->get['route'] ?? '';
        $route = is_string($route) && $route !== '' ? str_replace('|', '.', $route) : 'common/dashboard';
        $target = $this->target($route);
        if (str_starts_with($target, 'extension/')) {
            // Long answers must not hold the visitor's other requests back.
            $this->registry->get('session')->formToken();
            $this->registry->get('session')->close();
        }
        $this->registry->get('load')->run($target, []);
        $this->headers();
        $this->registry->get('response')->output();
    }

    /** Where a route leads for this visitor. A wrong token shows the login page, as in OpenCart. */
    private function target(string $route): string
    {
        [$path] = explode('.', $route, 2);
        $user = $this->registry->get('user');
        if (in_array($path, self::OPEN, true)) {
            return $route;
        }
        if (!$user->isLogged() || !$this->tokenFits($route)) {
            return 'common/login';
        }
        if (in_array($path, ['common/header', 'common/column_left', 'common/footer'], true) || !$this->registry->get('load')->known($route)) {
            return 'error/not_found';
        }
        if (str_starts_with($path, 'extension/meschain/event/')) {
            return 'error/not_found';
        }

        return in_array($path, self::UNCHECKED, true) || $user->hasPermission('access', $path) ? $route : 'error/permission';
    }

    private function tokenFits(string $route): bool
    {
        $request = $this->registry->get('request');
        $token = $request->get['user_token'] ?? null;
        if ($token === null && $route === 'common/dashboard') {
            return true;
        }

        return is_string($token) && hash_equals((string)($this->registry->get('session')->data['user_token'] ?? ''), $token);
    }

    private function boot(): void
    {
        date_default_timezone_set('UTC');
        $folder = Settings::folder();
        define('DB_PREFIX', Settings::prefix());
        $registry = $this->registry = new Registry();
        $registry->set('log', new Log());
        $registry->set('request', new Request());
        $registry->set('response', new Response());
        $registry->set('document', new Document());
        $registry->set('url', new Url());
        $registry->set('config', new Config($folder));
        $registry->set('db', new Database(Settings::ini('database_url')));
        $registry->set('session', new Session($folder, ($_SERVER['HTTPS'] ?? '') === 'on'));
        $registry->set('user', new User(new Users($folder), $registry->get('session')));
        $registry->set('load', new Loader($registry));
        $this->languages();
        $template = new Template($folder . '/twig');
        $template->addPath('', $this->root . '/php/console/templates');
        $template->addPath('extension/meschain', $this->root . '/opencart-extension/admin/view/template');
        $registry->set('template', $template);
        $registry->set('event', new Events($registry->get('load'), Setup::EVENTS));
    }

    /** The chosen language, else the browser's first one that we have. The shop's rows are looked up by its id. */
    private function languages(): void
    {
        $wanted = $this->registry->get('session')->data['language'] ?? null;
        if (!in_array($wanted, Language::CODES, true)) {
            $wanted = str_starts_with(strtolower($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? ''), 'tr') ? 'tr-tr' : 'en-gb';
        }
        $language = new Language($wanted);
        $language->addPath('', $this->root . '/php/console/language/');
        $language->addPath('extension/meschain', $this->root . '/opencart-extension/admin/language/');
        $this->registry->set('language', $language);
        if ($this->registry->get('user')->isLogged()) {
            $this->shop($wanted);
        }
    }

    /** The shop's name and currency and the language's id, where the database tells; the pages do without. */
    private function shop(string $language): void
    {
        $config = $this->registry->get('config');
        $db = $this->registry->get('db');
        try {
            $row = $db->query("SELECT `language_id` FROM `" . DB_PREFIX . "language` WHERE `code` = '" . $db->escape($language) . "'")->row;
            $config->set('config_language_id', (int)($row['language_id'] ?? 1));
            $rows = $db->query("SELECT `key`, `value` FROM `" . DB_PREFIX . "setting` WHERE `store_id` = 0 AND `key` IN ('config_name', 'config_currency')")->rows;
            foreach ($rows as $setting) {
                $config->set($setting['key'], $setting['value']);
            }
        } catch (\Throwable) {
            return;
        }
    }

    private function headers(): void
    {
        foreach ([
            "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                . "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'",
            'X-Content-Type-Options: nosniff',
            'X-Frame-Options: DENY',
            'Referrer-Policy: same-origin',
            'Cross-Origin-Opener-Policy: same-origin',
            'Permissions-Policy: camera=(), microphone=(), geolocation=()',
            'Cache-Control: no-store, private',
        ] as $header) {
            $this->registry->get('response')->addHeader($header);
        }
    }
}

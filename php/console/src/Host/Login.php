<?php

namespace MesChainConsole\Host;

use MesChainConsole\Attempts;
use MesChainConsole\Part;
use MesChainConsole\Settings;
use MesChainConsole\Users;

/** Signing in: a password, a token in the form, and a limit on guessing. */
final class Login extends Part
{
    public function index(): void
    {
        $this->load->language('frame');
        (new Users(Settings::folder()))->adopt();
        $this->document->setTitle($this->language->get('heading_login'));
        $error = ($this->request->server['REQUEST_METHOD'] ?? '') === 'POST' ? $this->signIn() : '';
        if ($error === null) {
            return;
        }
        $this->response->setOutput($this->load->view('login', [
            'error'      => $error === '' ? '' : $this->language->get($error),
            'action'     => $this->url->link('common/login'),
            'form_token' => $this->session->formToken(),
            'username'   => $error === '' ? 'admin' : (string)($this->request->post['username'] ?? 'admin'),
            'unset'      => !(new Users(Settings::folder()))->exists('admin'),
            'header'     => $this->load->controller('common/header'),
            'footer'     => $this->load->controller('common/footer'),
        ]));
    }

    /** @return ?string the key of what went wrong; null once signed in */
    private function signIn(): ?string
    {
        $folder = Settings::folder();
        $attempts = new Attempts($folder);
        $users = new Users($folder);
        $address = (string)($this->request->server['REMOTE_ADDR'] ?? '');
        [$name, $password, $token] = array_map(self::text(...), ['username', 'password', 'form_token']);
        if (!hash_equals($this->session->formToken(), $token)) {
            return 'error_form';
        }
        if (!$attempts->allowed($address, $name, time())) {
            http_response_code(429);

            return 'error_attempts';
        }
        if (!$users->verify($name, $password)) {
            $attempts->failed($address, $name, time());

            return 'error_login';
        }
        $this->session->signIn($name, $users->epoch($name));
        $this->response->redirect($this->url->link('common/dashboard', 'user_token=' . $this->session->data['user_token'], true));

        return null;
    }

    /** As typed: a password may hold characters that the cleaned request would change. */
    private static function text(string $field): string
    {
        return is_string($_POST[$field] ?? null) ? $_POST[$field] : '';
    }
}

<?php

namespace MesChainConsole\Host;

use MesChainConsole\Language as Languages;
use MesChainConsole\Part;

/** Changing the language; comes back to the page it was asked from. */
final class Language extends Part
{
    public function index(): void
    {
        $code = $this->request->post['code'] ?? '';
        $token = $_POST['form_token'] ?? '';
        if (in_array($code, Languages::CODES, true) && is_string($token) && hash_equals($this->session->formToken(), $token)) {
            $this->session->data['language'] = $code;
        }
        parse_str(html_entity_decode((string)($this->request->post['redirect'] ?? ''), ENT_QUOTES, 'UTF-8'), $query);
        $route = is_string($query['route'] ?? null) ? preg_replace('~[^\w/.]~', '', $query['route']) : 'common/dashboard';
        unset($query['route']);
        if (isset($this->session->data['user_token'])) {
            $query['user_token'] = $this->session->data['user_token'];
        }
        $this->response->redirect($this->url->link($route, $query, true));
    }
}

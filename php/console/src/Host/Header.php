<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** The top of every page. */
final class Header extends Part
{
    public function index(): string
    {
        $this->load->language('frame');
        $token = $this->session->data['user_token'] ?? '';

        return $this->load->view('header', [
            'lang'     => substr($this->language->code(), 0, 2),
            'code'     => $this->language->code(),
            'title'    => $this->document->getTitle(),
            'styles'   => $this->document->getStyles(),
            'scripts'  => $this->document->getScripts(),
            'logged'   => $this->user->isLogged(),
            'name'     => $this->user->getUserName(),
            'home'     => $this->url->link('common/dashboard', 'user_token=' . $token),
            'logout'   => $this->url->link('common/logout', 'user_token=' . $token),
            'language' => $this->url->link('common/language', 'user_token=' . $token),
            'form_token' => $this->session->formToken(),
            'redirect' => http_build_query(array_diff_key($_GET, ['user_token' => 1])),
        ]);
    }
}

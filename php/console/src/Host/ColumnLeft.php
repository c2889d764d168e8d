<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** The left menu. The extension's own event adds its entry, exactly as in OpenCart. */
final class ColumnLeft extends Part
{
    public function index(): string
    {
        if (!$this->user->isLogged()) {
            return '';
        }
        $this->load->language('frame');
        $route = $this->request->get['route'] ?? '';

        return $this->load->view('common/column_left', [
            'route' => explode('.', is_string($route) ? $route : '')[0],
            'menus' => [[
                'id'       => 'menu-dashboard',
                'icon'     => 'fa-solid fa-home',
                'name'     => $this->language->get('text_start'),
                'href'     => $this->url->link('common/dashboard', 'user_token=' . $this->session->data['user_token']),
                'children' => [],
            ]],
        ]);
    }
}

<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** The page for a route that the user may not see. */
final class Refused extends Part
{
    public function index(): void
    {
        $this->load->language('frame');
        $this->document->setTitle($this->language->get('heading_permission'));
        http_response_code(403);
        $this->response->setOutput($this->load->view('message', [
            'icon'        => 'lock',
            'heading'     => $this->language->get('heading_permission'),
            'message'     => $this->language->get('text_permission'),
            'header'      => $this->load->controller('common/header'),
            'column_left' => $this->load->controller('common/column_left'),
            'footer'      => $this->load->controller('common/footer'),
        ]));
    }
}

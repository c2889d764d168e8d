<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** The page for a route that does not exist. */
final class Missing extends Part
{
    public function index(): void
    {
        $this->load->language('frame');
        $this->document->setTitle($this->language->get('heading_missing'));
        http_response_code(404);
        $this->response->setOutput($this->load->view('message', [
            'icon'        => 'circle-question',
            'heading'     => $this->language->get('heading_missing'),
            'message'     => $this->language->get('text_missing_page'),
            'header'      => $this->load->controller('common/header'),
            'column_left' => $this->load->controller('common/column_left'),
            'footer'      => $this->load->controller('common/footer'),
        ]));
    }
}

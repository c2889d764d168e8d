<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** Where one lands after signing in: the sales report. */
final class Home extends Part
{
    public function index(): void
    {
        $token = 'user_token=' . $this->session->data['user_token'];
        $this->response->redirect($this->url->link('extension/meschain/reporting/dashboard', $token, true));
    }
}

<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** Signing out. */
final class Logout extends Part
{
    public function index(): void
    {
        $this->session->signOut();
        $this->response->redirect($this->url->link('common/login', '', true));
    }
}

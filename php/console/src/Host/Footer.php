<?php

namespace MesChainConsole\Host;

use MesChainConsole\Part;

/** The bottom of every page. */
final class Footer extends Part
{
    public function index(): string
    {
        return $this->load->view('footer', ['version' => phpversion('meschain') ?: '–']);
    }
}

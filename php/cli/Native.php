<?php

declare(strict_types=1);

namespace MesChain\Cli;

use MesChain\AI;
use MesChain\Performance;
use MesChain\Reporting;
use MesChain\Shop;

/** Makes the extension's objects with the settings that the command line was given. */
final class Native
{
    /** @param array<string, string> $settings over those of the INI */
    public function __construct(private array $settings = [], private ?OpenCart $openCart = null)
    {
        if ($openCart !== null) {
            $this->settings = $settings + $openCart->settings();
        }
    }

    public function shop(): Shop
    {
        return new Shop($this->settings());
    }

    public function reporting(): Reporting
    {
        return new Reporting($this->settings());
    }

    public function ai(): AI
    {
        return new AI($this->settings());
    }

    public function loader(): AI\Inference\ModelLoader
    {
        return new AI\Inference\ModelLoader($this->settings());
    }

    public function performance(): Performance
    {
        return new Performance($this->settings());
    }

    public function openCart(): ?OpenCart
    {
        return $this->openCart;
    }

    /** @return array<string, string>|null null lets the extension look at the INI alone */
    private function settings(): ?array
    {
        extension_loaded('meschain') || throw ExtensionMissing::here();
        return $this->settings ?: null;
    }
}

<?php

namespace MesChainConsole;

/** Runs what the extension registers in OpenCart's event table, straight from its own list. View events only. */
final class Events
{
    /** @param list<array{trigger:string,action:string}> $events */
    public function __construct(private Loader $loader, private array $events)
    {
    }

    public function beforeView(string $route, array &$data): void
    {
        foreach ($this->events as $event) {
            if ($event['trigger'] === 'admin/view/' . $route . '/before') {
                $this->loader->run($event['action'], [&$route, &$data]);
            }
        }
    }
}

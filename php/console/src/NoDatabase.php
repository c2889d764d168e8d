<?php

namespace MesChainConsole;

/** No database is set. Pages say so: see the extension's Failure. */
final class NoDatabase extends \RuntimeException
{
}

<?php

namespace MesChainConsole;

/** The database holds no shop: a table of OpenCart's is not there. Pages say so: see the extension's Failure. */
final class NoShop extends \RuntimeException
{
}

<?php

namespace MesChainConsole;

/** The database does not answer. Pages say so: see the extension's Failure. */
final class DatabaseAway extends \RuntimeException
{
}

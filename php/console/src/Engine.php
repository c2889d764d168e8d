<?php

/** The names under which OpenCart's extensions look for their base classes. */

namespace Opencart\System\Engine;

class_alias(\MesChainConsole\Registry::class, Registry::class);

abstract class Controller extends \MesChainConsole\Part
{
}

abstract class Model extends \MesChainConsole\Part
{
}

<?php

namespace MesChainConsole;

/** Links of the form index.php?route=...; with `&amp;` for HTML unless a script asks. */
final class Url
{
    public function link(string $route, string|array $args = '', bool $js = false): string
    {
        $query = is_array($args) ? http_build_query($args) : trim($args, '&');
        $url = 'index.php?route=' . $route . ($query === '' ? '' : '&' . $query);

        return $js ? $url : str_replace('&', '&amp;', $url);
    }
}

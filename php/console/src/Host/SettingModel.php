<?php

namespace MesChainConsole\Host;

use MesChainConsole\JsonFile;
use MesChainConsole\Part;
use MesChainConsole\Settings;

/** What OpenCart's `setting/setting` model does, on the console's settings file. */
final class SettingModel extends Part
{
    /** Replaces all settings of a code: only keys that start with the code are kept, as in OpenCart. */
    public function editSetting(string $code, array $data): void
    {
        $own = static fn (string $key): bool => str_starts_with($key, $code);
        (new JsonFile(Settings::folder() . '/settings.json'))->change(static fn (array $all): array =>
            array_filter($data, $own, ARRAY_FILTER_USE_KEY) + array_filter($all, static fn (string $key): bool => !$own($key), ARRAY_FILTER_USE_KEY));
    }
}

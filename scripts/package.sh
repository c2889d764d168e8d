#!/usr/bin/env bash
# package.sh: dist/meschain.ocmod.zip, as OpenCart's installer wants it. The file's name is the extension's code. The zip is the same for
# the same sources: names in order, times fixed.
set -euo pipefail
cd "$(dirname "$0")/.."

source=opencart-extension
target=dist/meschain.ocmod.zip
[ -f "$source/admin/view/vendor/uPlot.iife.min.js" ] || bash scripts/build-assets.sh

stage=$(mktemp -d "${TMPDIR:-/tmp}/meschain-package.XXXXXX")
trap 'rm -rf "$stage"' EXIT
cp -r "$source"/. "$stage"
find "$stage" \( -name '.git*' -o -name '*.md' -o -name '*.map' \) -delete
find "$stage" -name '*.php' -print0 | while IFS= read -r -d '' file; do
    php -l "$file" >/dev/null || { echo "package.sh: ${file#"$stage"/} does not parse" >&2; exit 1; }
done
php -r '
    $install = json_decode(file_get_contents($argv[1]), true, 8, JSON_THROW_ON_ERROR);
    foreach (["name", "description", "version", "author", "link", "code"] as $key) {
        if (!is_string($install[$key] ?? null) || $install[$key] === "") {
            fwrite(STDERR, "package.sh: install.json has no $key\n");
            exit(1);
        }
    }' "$stage/install.json"
for folder in tests docs node_modules; do
    [ ! -e "$stage/$folder" ] || { echo "package.sh: $folder does not belong into the zip" >&2; exit 1; }
done

find "$stage" -exec touch -d '2026-01-01 00:00:00 UTC' {} +
mkdir -p dist
rm -f "$target"
archive=$PWD/$target
(cd "$stage" && LC_ALL=C find . -mindepth 1 | sed 's|^\./||' | LC_ALL=C sort | TZ=UTC zip -q -X -@ "$archive")
unzip -tq "$target"

#!/usr/bin/env bash
# Copies the front-end libraries out of node_modules to where the pages load them from. No network, no bundler: the
# files are the packages' own builds, and nothing is loaded from elsewhere at run time.
set -euo pipefail
cd "$(dirname "$0")/.."

modules=node_modules
[ -d "$modules/bootstrap" ] || { echo "build-assets.sh: run 'npm ci' first" >&2; exit 1; }

extension=opencart-extension/admin/view/vendor
console=php/console/public/vendor
rm -rf "$extension" "$console"
mkdir -p "$extension" "$console/bootstrap" "$console/fontawesome/css" "$console/fontawesome/webfonts"

install -m 644 "$modules/uplot/dist/uPlot.iife.min.js" "$modules/uplot/dist/uPlot.min.css" "$extension/"
install -m 644 "$modules/uplot/LICENSE" "$extension/uPlot.LICENSE"
for file in css/bootstrap.min.css js/bootstrap.bundle.min.js; do
    # The source maps stay out, so the files must not name them.
    sed '/sourceMappingURL=/d' "$modules/bootstrap/dist/$file" >"$console/bootstrap/$(basename "$file")"
done
install -m 644 "$modules/bootstrap/LICENSE" "$console/bootstrap/LICENSE"
install -m 644 "$modules/@fortawesome/fontawesome-free/css/all.min.css" "$console/fontawesome/css/"
install -m 644 "$modules"/@fortawesome/fontawesome-free/webfonts/fa-{solid-900,regular-400,brands-400}.woff2 "$console/fontawesome/webfonts/"
install -m 644 "$modules/@fortawesome/fontawesome-free/LICENSE.txt" "$console/fontawesome/"

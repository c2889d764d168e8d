#!/usr/bin/env bash
# build.sh [library|assets|all]: target/release/libmeschain.so for the PHP that is found, and the pages' scripts and styles from npm.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# MESCHAIN_LIBRARY names a library that was built elsewhere: it is taken as it is.
library() {
    [ -z "${MESCHAIN_LIBRARY:-}" ] || return 0
    say "Building the extension for $("$PHP" -n -r 'echo "PHP ", PHP_VERSION;')"
    PHP=$(where "$PHP") cargo build --release --package meschain
    "$PHP" -d "extension=$LIBRARY" --ri meschain >/dev/null || die "The library was built, but PHP cannot load it."
}

# npm leaves this file when it is through; an older one means that the lock file has changed since.
node_modules() {
    [ -f package-lock.json ] || return 0
    if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
        say "Installing the pages' packages"
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
        touch node_modules/.package-lock.json
    fi
}

assets() {
    node_modules
    [ ! -f scripts/build-assets.sh ] || bash scripts/build-assets.sh
}

case ${1:-all} in
    library) library ;;
    assets) assets ;;
    all) library; assets ;;
    *) die "build.sh: library, assets or all" ;;
esac

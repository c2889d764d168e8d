#!/usr/bin/env bash
# test.sh [all|lint|rust|phpt|php|browser|opencart]...: the tests, against private servers in a temporary folder that is removed at the end.
# Prints what each part counted and, last, the sum.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

TEMP=$(mktemp -d "${TMPDIR:-/tmp}/meschain-test.XXXXXX")
SHOP_DATABASE=meschain_test
finish() {
    local code=$?
    trap - EXIT INT TERM
    local web
    for web in "$TEMP"/web "$TEMP"/web-*; do bash scripts/web.sh stop --dir "$web" || true; done
    bash scripts/services.sh stop --dir "$TEMP" || true
    if [ "$code" != 0 ] && [ -n "${KEEP:-}" ]; then warn "Kept for a look: $TEMP"; else rm -rf "$TEMP"; fi
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

services() {
    [ -z "${MESCHAIN_TEST_DATABASE_URL:-}" ] || return 0
    say "Starting a private MariaDB, Redis and Memcached"
    bash scripts/services.sh start --dir "$TEMP" --scratch
    eval "$(bash scripts/services.sh env --dir "$TEMP")"
    export MESCHAIN_TEST_DATABASE_URL=$MESCHAIN_MARIADB_URL/ MESCHAIN_TEST_REDIS_URL=$MESCHAIN_REDIS_URL
    export MESCHAIN_TEST_MEMCACHED=$MESCHAIN_MEMCACHED
}

library() {
    [ -f "$TEMP/built" ] || bash scripts/build.sh library
    need_library
    touch "$TEMP/built"
}

# A small sample shop, migrated, read and trained once through the command line, for PHPUnit and for the browser.
shop() {
    services; library
    export MESCHAIN_TEST_INI=$TEMP/ini MESCHAIN_TEST_DATABASE=$SHOP_DATABASE MESCHAIN_TEST_DATA=$TEMP/data
    [ ! -f "$TEMP/shop" ] || return 0
    say "Making the sample shop for the tests"
    write_ini "$TEMP/ini" "database_url=$MESCHAIN_TEST_DATABASE_URL$SHOP_DATABASE" "redis_url=$MESCHAIN_TEST_REDIS_URL" \
        "data_dir=$TEMP/data" "environment=test"
    "$PHP" scripts/create-database.php "$MESCHAIN_TEST_DATABASE_URL" "$SHOP_DATABASE"
    meschain migrate
    meschain sample --size small --seed 7
    meschain migrate # the indexes, now that OpenCart's tables are there
    meschain refresh
    meschain train
    meschain suggest
    meschain forecast
    touch "$TEMP/shop"
}

meschain() { with_ini "$TEMP/ini" "$PHP" php/bin/meschain "$@"; }

lint() {
    say "Lint"
    if cargo fmt --version >/dev/null 2>&1; then cargo fmt --all --check; else echo "rustfmt: skipped, not installed"; fi
    if cargo clippy --version >/dev/null 2>&1; then cargo clippy --release --workspace --all-targets --quiet -- -D warnings
    else echo "clippy: skipped, not installed"; fi
    "$PHP" scripts/lint.php
    local file
    for file in scripts/*.sh scripts/*/*.sh benches/*.sh .ci/run; do [ ! -f "$file" ] || bash -n "$file"; done
    record lint 1 0 0
}

rust() {
    services
    say "Rust tests"
    local code=0
    cargo test --release --workspace --no-fail-fast 2>&1 | tee "$TEMP/rust.log" || code=$?
    record rust $(awk '/^test result:/ { p += $4; f += $6; s += $8 } END { print p + 0, f + 0, s + 0 }' "$TEMP/rust.log")
    return $code
}

phpt() {
    services; library
    say "phpt"
    local code=0
    bash scripts/phpt.sh 2>&1 | tee "$TEMP/phpt.log" || code=$?
    record phpt $(awk '/^Tests passed/ { p = $4 } /^Tests failed/ { f = $4 } /^Tests skipped/ { s = $4 }
        END { print p + 0, f + 0, s + 0 }' "$TEMP/phpt.log")
    return $code
}

php_unit() {
    shop
    say "PHPUnit"
    local code=0
    with_ini "$TEMP/ini" "$PHP" "$(phpunit_script)" --configuration phpunit.xml --log-junit "$TEMP/php.xml" ${PHPUNIT_ARGS:-} || code=$?
    record php $("$PHP" scripts/junit-counts.php "$TEMP/php.xml")
    return $code
}

# Composer's PHPUnit where a developer has one, else Debian's.
phpunit_script() { if [ -f vendor/bin/phpunit ]; then echo vendor/bin/phpunit; else where phpunit; fi; }

browser() {
    shop
    say "Playwright on the console"
    bash scripts/build.sh assets
    export MESCHAIN_PASSWORD MESCHAIN_VIEWER_PASSWORD MESCHAIN_BASE_URL MESCHAIN_HOST=console
    MESCHAIN_PASSWORD=$(secret) MESCHAIN_VIEWER_PASSWORD=$(secret)
    MESCHAIN_BASE_URL=$(bash scripts/web.sh start --dir "$TEMP/web" --docroot php/console/public --ini "$TEMP/ini" \
        --port "$(free_port)" --router "$ROOT/php/console/router.php" \
        --env "MESCHAIN_CONSOLE_DIR=$TEMP/console" --env "MESCHAIN_CONSOLE_PASSWORD=$MESCHAIN_PASSWORD" \
        --env "MESCHAIN_CONSOLE_VIEWER_PASSWORD=$MESCHAIN_VIEWER_PASSWORD")
    playwright browser
}

# playwright NAME: the specs of tests/browser against MESCHAIN_BASE_URL.
playwright() {
    local code=0
    export CHROMIUM=${CHROMIUM:-$(where chromium)} MESCHAIN_TEST_OUTPUT=$TEMP/playwright PLAYWRIGHT_JUNIT_OUTPUT_FILE=$TEMP/$1.xml
    npx playwright test --config "$(ls tests/browser/playwright.config.* | head -n 1)" --reporter=list,junit \
        ${BROWSER_ARGS:-} || code=$?
    record "$1" $("$PHP" scripts/junit-counts.php "$TEMP/$1.xml")
    return $code
}

opencart() {
    [ -n "${OPENCART_DIR:-}" ] || die "test-opencart: set OPENCART_DIR to the upload folder of OpenCart 4.0.2.3 or 4.1.0.4."
    services; library
    bash scripts/build.sh assets
    bash scripts/package.sh
    . scripts/opencart/test.sh
    opencart_tests
}

record() { printf '%s %s %s %s\n' "$1" "${2:-0}" "${3:-0}" "${4:-0}" >>"$TEMP/counts"; }

summary() {
    [ -s "$TEMP/counts" ] || return 0
    echo
    awk '{ printf "  %-18s %5d passed %4d failed %4d skipped\n", $1, $2, $3, $4; p += $2; f += $3; s += $4 }
        END { printf "\n%d passed, %d failed, %d skipped\n", p, f, s }' "$TEMP/counts"
}

# Each part runs in a shell of its own, also when one before it failed, so that one run tells all.
run() {
    local part failed=()
    for part in "$@"; do
        set +e
        (set -e; $part)
        [ $? = 0 ] || failed+=("$part")
        set -e
    done
    summary
    [ ${#failed[@]} = 0 ] || die "Failed: ${failed[*]}"
}

parts=()
for part in "${@:-all}"; do
    case $part in
        all) parts+=(lint rust phpt php_unit browser) ;;
        php) parts+=(php_unit) ;;
        lint | rust | phpt | browser | opencart) parts+=("$part") ;;
        *) die "test.sh: all, lint, rust, phpt, php, browser or opencart" ;;
    esac
done
run "${parts[@]}"

# opencart_tests: installs OPENCART_DIR, puts the package in, fills it with a sample shop, and runs tests/opencart and the browser's specs.
# Sourced by scripts/test.sh, whose functions and variables it uses.

. "$ROOT/scripts/opencart/shop.sh"

opencart_tests() {
    local version code=0
    [ -n "${MESCHAIN_MARIADB_URL:-}" ] || die "test-opencart starts its own database: unset MESCHAIN_TEST_DATABASE_URL."
    opencart_shop small 7
    export OPENCART_PLAIN_URL OPENCART_UNTRAINED_URL OPENCART_REFUSED_URL OPENCART_SILENT_URL
    OPENCART_PLAIN_URL=$(opencart_beside plain)
    OPENCART_UNTRAINED_URL=$(opencart_without untrained)
    OPENCART_REFUSED_URL=$(opencart_without refused)
    OPENCART_SILENT_URL=$(opencart_without silent)
    meschain doctor --opencart "$OPENCART_FOLDER" || true
    meschain suggest --opencart "$OPENCART_FOLDER"
    meschain forecast --opencart "$OPENCART_FOLDER"

    opencart_suite installed || code=$?
    # The small sample has no product in a wrong category: some in none are what the inbox has to show.
    "$PHP" scripts/opencart/uncategorised.php "$OPENCART_DATABASE_URL" 10
    meschain refresh --opencart "$OPENCART_FOLDER"
    meschain suggest --kinds category --opencart "$OPENCART_FOLDER"
    say "Playwright on OpenCart $version"
    export MESCHAIN_HOST=opencart MESCHAIN_BASE_URL=$OPENCART_URL MESCHAIN_PASSWORD=$OPENCART_PASSWORD
    export MESCHAIN_ADMIN_USER=admin MESCHAIN_ADMIN_PATH=admin/
    playwright "browser-$version" || code=$?
    opencart_suite uninstall || code=$?
    return $code
}

# opencart_beside NAME [--ini FOLDER]: the same shop at one more address, there without the extension or with settings of its own.
opencart_beside() { bash scripts/web.sh start --dir "$TEMP/web-$1" --docroot "$OPENCART_FOLDER" --port "$(free_port)" --workers 1 "${@:2}"; }

# opencart_without untrained|refused|silent: the same shop where the extension has no models, damaged ones, or no answer to anything.
opencart_without() {
    local data=$TEMP/data-$1 file
    mkdir -p "$data" "$TEMP/ini-$1"
    cp -r "$TEMP/data/columns" "$TEMP/data/models" "$data/"
    case $1 in
        untrained) rm -r "$data/models" ;;
        refused) for file in "$data"/models/*/*/*.model; do printf 'damaged' | dd of="$file" bs=1 seek=64 conv=notrunc status=none; done ;;
        silent) rm -r "$data"; touch "$data" ;;
    esac
    write_ini "$TEMP/ini-$1" "data_dir=$data" "environment=test"
    opencart_beside "$1" --ini "$TEMP/ini-$1"
}

opencart_suite() {
    local code=0
    say "PHPUnit on OpenCart $version: $1"
    "$PHP" "$(phpunit_script)" --configuration tests/opencart/phpunit.xml --testsuite "$1" --log-junit "$TEMP/$1.xml" || code=$?
    record "$version-$1" $("$PHP" scripts/junit-counts.php "$TEMP/$1.xml")
    return $code
}

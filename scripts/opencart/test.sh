# opencart_tests: installs OPENCART_DIR, puts the package in, fills it with a sample shop, and runs tests/opencart and the browser's specs.
# Sourced by scripts/test.sh, whose functions and variables it uses.

. "$ROOT/scripts/opencart/shop.sh"

opencart_tests() {
    local version code=0
    [ -n "${MESCHAIN_MARIADB_URL:-}" ] || die "test-opencart starts its own database: unset MESCHAIN_TEST_DATABASE_URL."
    opencart_shop small 7
    export OPENCART_PLAIN_URL
    OPENCART_PLAIN_URL=$(bash scripts/web.sh start --dir "$TEMP/web-plain" --docroot "$OPENCART_FOLDER" --port "$(free_port)" --workers 1)
    meschain doctor --opencart "$OPENCART_FOLDER" || true
    meschain suggest --opencart "$OPENCART_FOLDER"
    meschain forecast --opencart "$OPENCART_FOLDER"

    opencart_suite installed || code=$?
    say "Playwright on OpenCart $version"
    export MESCHAIN_HOST=opencart MESCHAIN_BASE_URL=$OPENCART_URL MESCHAIN_PASSWORD=$OPENCART_PASSWORD
    export MESCHAIN_ADMIN_USER=admin MESCHAIN_ADMIN_PATH=admin/
    playwright "browser-$version" || code=$?
    opencart_suite uninstall || code=$?
    return $code
}

opencart_suite() {
    local code=0
    say "PHPUnit on OpenCart $version: $1"
    "$PHP" "$(phpunit_script)" --configuration tests/opencart/phpunit.xml --testsuite "$1" --log-junit "$TEMP/$1.xml" || code=$?
    record "$version-$1" $("$PHP" scripts/junit-counts.php "$TEMP/$1.xml")
    return $code
}

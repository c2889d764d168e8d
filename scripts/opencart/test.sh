# opencart_tests: installs OPENCART_DIR, puts the package in, fills it with a sample shop, and runs tests/opencart and the browser's specs.
# Sourced by scripts/test.sh, whose functions and variables it uses.

. "$ROOT/scripts/opencart/source.sh"

opencart_tests() {
    local source version port code=0
    source=$(opencart_source)
    version=$(opencart_version "$source")
    [ -n "${MESCHAIN_MARIADB_URL:-}" ] || die "test-opencart starts its own database: unset MESCHAIN_TEST_DATABASE_URL."
    say "Installing OpenCart $version"
    export OPENCART_FOLDER=$TEMP/opencart OPENCART_ZIP=$ROOT/dist/meschain.ocmod.zip OPENCART_DATABASE=opencart OPENCART_PASSWORD
    OPENCART_PASSWORD=$(secret | cut -c1-16)
    export MESCHAIN_MARIADB_URL MESCHAIN_MARIADB_PORT MESCHAIN_MARIADB_PASSWORD
    export OPENCART_DATABASE_URL=$MESCHAIN_MARIADB_URL/opencart OPENCART_URL OPENCART_PLAIN_URL
    port=$(free_port)
    bash scripts/opencart/install.sh "$source" "$OPENCART_FOLDER" "http://127.0.0.1:$port/"

    # No database here: it comes from the shop's own config.php, as in a real installation.
    write_ini "$TEMP/ini" "redis_url=$MESCHAIN_TEST_REDIS_URL" "data_dir=$TEMP/data" "environment=test"
    OPENCART_URL=$(bash scripts/web.sh start --dir "$TEMP/web" --docroot "$OPENCART_FOLDER" --ini "$TEMP/ini" --port "$port")
    [ "$OPENCART_URL" = "http://127.0.0.1:$port/" ] || die "Port $port was taken meanwhile; try again."
    OPENCART_PLAIN_URL=$(bash scripts/web.sh start --dir "$TEMP/web-plain" --docroot "$OPENCART_FOLDER" --port "$(free_port)" --workers 1)

    say "Installing the package through OpenCart's installer"
    "$PHP" scripts/opencart/extension.php "$OPENCART_URL" "$OPENCART_PASSWORD" "$OPENCART_ZIP"
    meschain doctor --opencart "$OPENCART_FOLDER" || true
    meschain migrate --opencart "$OPENCART_FOLDER"
    meschain sample --size small --seed 7 --force --opencart "$OPENCART_FOLDER"
    meschain migrate --opencart "$OPENCART_FOLDER"
    meschain refresh --opencart "$OPENCART_FOLDER"
    meschain train --opencart "$OPENCART_FOLDER"
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

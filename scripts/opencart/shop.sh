# opencart_shop SIZE SEED: installs OPENCART_DIR in $TEMP/opencart, serves it, puts the package in through its installer, and fills it with a
# trained sample shop. Sets `version`, OPENCART_FOLDER, OPENCART_ZIP, OPENCART_DATABASE_URL, OPENCART_URL and OPENCART_PASSWORD.
# Sourced; expects TEMP with the services of scripts/services.sh running and their variables set, and `meschain` reading $TEMP/ini.

. "$ROOT/scripts/opencart/source.sh"

opencart_shop() {
    local source port
    source=$(opencart_source)
    version=$(opencart_version "$source")
    say "Installing OpenCart $version"
    export OPENCART_FOLDER=$TEMP/opencart OPENCART_ZIP=$ROOT/dist/meschain.ocmod.zip OPENCART_DATABASE=opencart OPENCART_PASSWORD
    OPENCART_PASSWORD=$(secret | cut -c1-16)
    export MESCHAIN_MARIADB_URL MESCHAIN_MARIADB_PORT MESCHAIN_MARIADB_PASSWORD
    export OPENCART_DATABASE_URL=$MESCHAIN_MARIADB_URL/opencart OPENCART_URL
    port=$(free_port)
    bash scripts/opencart/install.sh "$source" "$OPENCART_FOLDER" "http://127.0.0.1:$port/"

    # No database here: it comes from the shop's own config.php, as in a real installation.
    write_ini "$TEMP/ini" "redis_url=$MESCHAIN_REDIS_URL" "data_dir=$TEMP/data" "environment=test"
    OPENCART_URL=$(bash scripts/web.sh start --dir "$TEMP/web" --docroot "$OPENCART_FOLDER" --ini "$TEMP/ini" --port "$port")
    [ "$OPENCART_URL" = "http://127.0.0.1:$port/" ] || die "Port $port was taken meanwhile; try again."

    say "Installing the package through OpenCart's installer"
    "$PHP" scripts/opencart/extension.php "$OPENCART_URL" "$OPENCART_PASSWORD" "$OPENCART_ZIP"
    meschain migrate --opencart "$OPENCART_FOLDER"
    meschain sample --size "$1" --seed "$2" --force --opencart "$OPENCART_FOLDER"
    meschain migrate --opencart "$OPENCART_FOLDER"
    meschain refresh --opencart "$OPENCART_FOLDER"
    meschain train --opencart "$OPENCART_FOLDER"
}

#!/usr/bin/env bash
# install.sh SOURCE TARGET URL: copies the OpenCart in SOURCE (its upload folder, left as it is) to TARGET and installs it with its own
# command line installer, to be served at URL. Database: MESCHAIN_MARIADB_PORT, MESCHAIN_MARIADB_PASSWORD and OPENCART_DATABASE;
# administrator: `admin` with OPENCART_PASSWORD.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"

source=$1 target=$2 url=$3
[ -f "$source/install/cli_install.php" ] ||
    die "$source is no OpenCart upload folder: install/cli_install.php is missing there. Point OPENCART_DIR at the folder named \"upload\" of a release."
[ -f "$source/system/storage/vendor/autoload.php" ] || [ -f "$source/system/vendor.php" ] || [ -d "$source/system/storage/vendor" ] ||
    die "$source has no system/storage/vendor: it is not a complete release."

rm -rf "$target"
mkdir -p "$target"
cp -a "$source/." "$target/"
chmod -R u+w "$target"
cp "$target/config-dist.php" "$target/config.php"
cp "$target/admin/config-dist.php" "$target/admin/config.php"

"$PHP" "$ROOT/scripts/create-database.php" "$MESCHAIN_MARIADB_URL" "$OPENCART_DATABASE"
said=$(cd "$target/install" && "$PHP" cli_install.php install --username admin --email admin@example.com \
    --password "$OPENCART_PASSWORD" --http_server "$url" --db_driver mysqli --db_hostname 127.0.0.1 --db_username meschain \
    --db_password "$MESCHAIN_MARIADB_PASSWORD" --db_database "$OPENCART_DATABASE" --db_port "$MESCHAIN_MARIADB_PORT" --db_prefix oc_)
grep -qi 'success' <<<"$said" || die "OpenCart's installer failed: $said"
rm -rf "$target/install"

#!/usr/bin/env bash
# demo.sh start|stop: a sample shop to look at, with everything private to .run: database, cache, web server, worker.
#
#   DETACH=1                   return once it answers; `demo.sh stop` ends it
#   SIZE=small|medium|large    of the sample shop; default medium
#   PORT=8080                  first port to try
#   OPENCART_DIR=FOLDER        serve this OpenCart (its upload folder) with the package in it instead of the console
#   OPENCART_VERSION=4.0.2.3   the same with the official release, downloaded
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/opencart/source.sh"
cd "$ROOT"

RUN=$ROOT/.run
SIZE=${SIZE:-medium}
meschain() { "$RUN/meschain" "$@"; }

stop() {
    [ -d "$RUN" ] || return 0
    stop_pid "$RUN/worker.pid" 60
    bash scripts/web.sh stop --dir "$RUN/web"
    bash scripts/services.sh stop --dir "$RUN"
}

start_services() {
    bash scripts/services.sh start --dir "$RUN" mariadb redis
    eval "$(bash scripts/services.sh env --dir "$RUN")"
    export MESCHAIN_MARIADB_URL MESCHAIN_MARIADB_PORT MESCHAIN_MARIADB_PASSWORD
}

# `.run/meschain` is the command line with this demo's settings.
write_command() {
    {
        printf '#!/bin/sh\nexport PHP_INI_SCAN_DIR=":%s"\nexec %s %s "$@"' "$RUN/php" "$(where "$PHP")" "$ROOT/php/bin/meschain"
        [ $# = 0 ] || printf ' --opencart %s' "$1"
        echo
    } >"$RUN/meschain"
    chmod 700 "$RUN/meschain"
}

# done_once NAME COMMAND...: runs the command unless it went through before; a later start of the demo skips it.
done_once() {
    local mark=$RUN/done/$1; shift
    [ ! -e "$mark" ] || return 0
    mkdir -p "$RUN/done"
    "$@"
    touch "$mark"
}

fill() {
    local shop=$1; shift
    say "Migrating"
    meschain migrate
    if [ ! -e "$RUN/done/sample-$shop" ]; then say "Making the sample shop ($SIZE)"; fi
    done_once "sample-$shop" meschain sample --size "$SIZE" "$@"
    # Once more: the indexes can only be added where OpenCart's tables are.
    meschain migrate --quiet >/dev/null
    say "Reading the shop"
    meschain refresh
    if [ ! -e "$RUN/done/train-$shop" ]; then say "Training the models"; fi
    done_once "train-$shop" meschain train
    done_once "suggest-$shop" meschain suggest
}

start_console() {
    write_ini "$RUN/php" "database_url=$MESCHAIN_MARIADB_URL/meschain" "redis_url=$MESCHAIN_REDIS_URL" \
        "data_dir=$RUN/data" "environment=development"
    write_command
    "$PHP" scripts/create-database.php "$MESCHAIN_MARIADB_URL" meschain
    fill console
    [ -s "$RUN/console.password" ] || (umask 077 && secret | cut -c1-16 >"$RUN/console.password")
    PASSWORD=$(cat "$RUN/console.password")
    USER_NAME=admin
    URL=$(bash scripts/web.sh start --dir "$RUN/web" --docroot php/console/public --ini "$RUN/php" --port "${PORT:-8080}" \
        --workers 4 --router "$ROOT/php/console/router.php" \
        --env "MESCHAIN_CONSOLE_DIR=$RUN/console" --env "MESCHAIN_CONSOLE_PASSWORD=$PASSWORD")
}

start_opencart() {
    local source version shop folder state
    source=$(opencart_source)
    version=$(opencart_version "$source")
    [ -n "$version" ] || die "$source/index.php defines no VERSION: no OpenCart."
    bash scripts/package.sh
    shop=opencart-$version; folder=$RUN/$shop
    # The database's settings come from the shop's own config.php, as in a real installation.
    write_ini "$RUN/php" "redis_url=$MESCHAIN_REDIS_URL" "data_dir=$RUN/data" "environment=development"
    write_command "$folder"
    [ -s "$RUN/$shop.password" ] || (umask 077 && secret | cut -c1-16 >"$RUN/$shop.password")
    PASSWORD=$(cat "$RUN/$shop.password")
    USER_NAME=admin
    state=$(sha256sum dist/meschain.ocmod.zip | cut -c1-16)
    if [ ! -e "$RUN/done/$shop-$state" ]; then
        say "Installing OpenCart $version"
        rm -f "$RUN/done/"*"$shop"*
        OPENCART_DATABASE=opencart_${version//./_} OPENCART_PASSWORD=$PASSWORD bash scripts/opencart/install.sh "$source" "$folder" http://127.0.0.1/
    fi
    URL=$(bash scripts/web.sh start --dir "$RUN/web" --docroot "$folder" --ini "$RUN/php" --port "${PORT:-8080}" --workers 4)
    "$PHP" scripts/opencart/move.php "$folder" "$URL" "$MESCHAIN_MARIADB_PORT" "$MESCHAIN_MARIADB_PASSWORD"
    done_once "$shop-$state" "$PHP" scripts/opencart/extension.php "$URL" "$PASSWORD" dist/meschain.ocmod.zip
    fill "$shop" --force
    URL=${URL}admin/
}

start_worker() {
    remember "$(background "$RUN/worker.log" "$RUN/meschain" worker --no-color)" "$RUN/worker.pid"
}

address() {
    cat <<TEXT

  ${BOLD}$URL${PLAIN}
  ${USER_NAME:+user $USER_NAME, }password $PASSWORD

  Command line with the same settings:  .run/meschain demo
  Logs:  .run/web, .run/services, .run/worker.log
TEXT
}

start() {
    (umask 077 && mkdir -p "$RUN")
    exec 9>"$RUN/lock"
    flock -n 9 || die "Another \`make demo\` starts or runs here. \`make demo-stop\` ends it."
    trap 'trap - INT TERM; echo; say "Stopping"; stop; exit 130' INT TERM
    trap 'code=$?; [ $code = 0 ] || { stop; exit $code; }' EXIT
    bash scripts/build.sh
    need_library
    stop 9>&-
    say "Starting MariaDB and Redis"
    start_services 9>&-
    if [ -n "${OPENCART_DIR:-}${OPENCART_VERSION:-}" ]; then start_opencart 9>&-; else start_console 9>&-; fi
    start_worker 9>&-
    address
    if [ -n "${DETACH:-}" ]; then
        echo "  Stop it with:  make demo-stop"
        return
    fi
    echo "  Ctrl-C stops everything."
    while alive "$RUN/web/fpm.pid" && alive "$RUN/worker.pid"; do sleep 1; done
    if [ -f "$RUN/web/fpm.pid" ]; then warn "A part of the demo has ended; see the logs."; exit 1; fi
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

#!/usr/bin/env bash
# Private MariaDB, Redis and Memcached on free ports of the loopback address. What already runs on the machine is not touched.
#
#   services.sh start  [--dir DIR] [--scratch] [mariadb redis memcached]   start what does not run yet (all three by default)
#   services.sh stop   [--dir DIR] [mariadb redis memcached]
#   services.sh status [--dir DIR]
#   services.sh env    [--dir DIR]                                         addresses as shell lines
#
# Everything lives in DIR (default .run): data, logs, pid files, passwords. --scratch trades durability for speed (tests).
set -euo pipefail
. "$(dirname "$0")/lib.sh"

DIR=$ROOT/.run
SCRATCH=
ALL=(mariadb redis memcached)

action=${1:-}; shift || true
services=()
while [ $# -gt 0 ]; do
    case $1 in
        --dir) DIR=$2; shift 2 ;;
        --scratch) SCRATCH=yes; shift ;;
        mariadb | redis | memcached) services+=("$1"); shift ;;
        *) die "services.sh: unknown argument $1" ;;
    esac
done
[ ${#services[@]} -gt 0 ] || services=("${ALL[@]}")

# Unix sockets may have 107 bytes of path; a deep folder gets a short one beside it.
prepare() {
    mkdir -p "$DIR"
    DIR=$(cd "$DIR" && pwd)
    S=$DIR/services
    (umask 077 && mkdir -p "$S")
}

setting() { [ ! -f "$S/$1" ] || cat "$S/$1"; }
keep() { (umask 077 && printf '%s' "$2" >"$S/$1"); }

# The port of the last start when it is still free, so that addresses stay the same; else another one.
port_of() {
    local port
    port=$(setting "$1.port")
    port=$(free_port "${port:-0}")
    keep "$1.port" "$port"
    echo "$port"
}

socket_of() {
    local path=$S/$1.sock
    if [ ${#path} -gt 100 ]; then
        [ -s "$S/short" ] && [ -d "$(setting short)" ] || keep short "$(mktemp -d "${TMPDIR:-/tmp}/meschain.XXXXXX")"
        path=$(setting short)/$1.sock
    fi
    echo "$path"
}

start_mariadb() {
    local data=$DIR/mariadb port socket options
    [ -s "$S/mariadb.password" ] || keep mariadb.password "$(secret)"
    if [ ! -f "$data/ready" ]; then
        rm -rf "$data"
        mariadb-install-db --no-defaults --datadir="$data" --user="$(id -un)" --skip-test-db \
            --auth-root-authentication-method=normal >"$S/mariadb-install.log" 2>&1 ||
            die "MariaDB could not be set up: $S/mariadb-install.log"
        touch "$data/ready"
    fi
    port=$(port_of mariadb); socket=$(socket_of mariadb)
    (
        umask 077
        cat >"$S/mariadb.sql" <<SQL
CREATE USER IF NOT EXISTS 'meschain'@'%' IDENTIFIED BY '$(setting mariadb.password)';
ALTER USER 'meschain'@'%' IDENTIFIED BY '$(setting mariadb.password)';
GRANT ALL PRIVILEGES ON *.* TO 'meschain'@'%' WITH GRANT OPTION;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$(setting mariadb.password)';
DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');
FLUSH PRIVILEGES;
SQL
    )
    options=(--innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=2)
    [ -z "$SCRATCH" ] || options+=(--innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync)
    remember "$(background "$S/mariadb.log" "$(where mariadbd)" --no-defaults --user="$(id -un)" --datadir="$data" \
        --bind-address=127.0.0.1 --port="$port" --socket="$socket" --pid-file="$data/mariadbd.pid" --skip-name-resolve \
        --skip-log-bin --performance-schema=OFF --max-connections=200 --character-set-server=utf8mb4 \
        --innodb-log-file-size=128M --init-file="$S/mariadb.sql" "${options[@]}")" "$S/mariadb.pid"
    wait_for 60 answers_mariadb || failed mariadb
}

answers_mariadb() {
    MYSQL_PWD=$(setting mariadb.password) mariadb --no-defaults -u meschain -h 127.0.0.1 -P "$(setting mariadb.port)" -e 'SELECT 1'
}

start_redis() {
    local port
    mkdir -p "$DIR/redis"
    [ -s "$S/redis.password" ] || keep redis.password "$(secret)"
    port=$(port_of redis)
    (
        umask 077
        cat >"$S/redis.conf" <<CONF
bind 127.0.0.1
port $port
unixsocket $(socket_of redis)
dir $DIR/redis
requirepass $(setting redis.password)
save ""
maxmemory 256mb
maxmemory-policy allkeys-lru
daemonize no
CONF
    )
    remember "$(background "$S/redis.log" redis-server "$S/redis.conf")" "$S/redis.pid"
    wait_for 20 answers_redis || failed redis
}

answers_redis() {
    [ "$(REDISCLI_AUTH=$(setting redis.password) redis-cli -p "$(setting redis.port)" ping 2>/dev/null)" = PONG ]
}

start_memcached() {
    local port
    port=$(port_of memcached)
    remember "$(background "$S/memcached.log" memcached -u "$(id -un)" -l 127.0.0.1 -p "$port" -U 0 -m 64)" "$S/memcached.pid"
    wait_for 20 answers_memcached || failed memcached
}

answers_memcached() {
    (exec 3<>"/dev/tcp/127.0.0.1/$(setting memcached.port)" && printf 'version\r\n' >&3 && head -c 7 <&3 | grep -q VERSION) 2>/dev/null
}

failed() {
    warn "$1 did not start. The end of its log:"
    tail -n 20 "$S/$1.log" >&2 || true
    stop_one "$1"
    exit 1
}

running() { alive "$S/$1.pid"; }

started=()
start() {
    local service
    trap 'for service in "${started[@]}"; do stop_one "$service"; done; exit 130' INT TERM
    for service in "${services[@]}"; do
        if running "$service" && "answers_$service" >/dev/null 2>&1; then continue; fi
        stop_one "$service"
        started+=("$service")
        "start_$service"
    done
    trap - INT TERM
}

stop_one() { stop_pid "$S/$1.pid" 30; }

stop() {
    local service
    for service in "${services[@]}"; do stop_one "$service"; done
    if [ -s "$S/short" ] && ! running mariadb && ! running redis; then rm -rf "$(setting short)" "$S/short"; fi
}

status() {
    local service code=0
    for service in "${ALL[@]}"; do
        if running "$service"; then printf '%-10s running  127.0.0.1:%s\n' "$service" "$(setting "$service.port")"
        else printf '%-10s stopped\n' "$service"; code=1; fi
    done
    return $code
}

print_env() {
    if running mariadb; then
        echo "MESCHAIN_MARIADB_URL=mysql://meschain:$(setting mariadb.password)@127.0.0.1:$(setting mariadb.port)"
        echo "MESCHAIN_MARIADB_PORT=$(setting mariadb.port)"
        echo "MESCHAIN_MARIADB_PASSWORD=$(setting mariadb.password)"
        echo "MESCHAIN_MARIADB_SOCKET=$(socket_of mariadb)"
    fi
    ! running redis || echo "MESCHAIN_REDIS_URL=redis://:$(setting redis.password)@127.0.0.1:$(setting redis.port)/0"
    ! running memcached || echo "MESCHAIN_MEMCACHED=127.0.0.1:$(setting memcached.port)"
}

case $action in
    start) prepare; start ;;
    stop) prepare; stop ;;
    status) prepare; status ;;
    env) prepare; print_env ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

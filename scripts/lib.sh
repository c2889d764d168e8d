# What the scripts share. Sourced, never run. Expects `set -euo pipefail` in the caller.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PHP=${PHP:-php}
LIBRARY=${MESCHAIN_LIBRARY:-$ROOT/target/release/libmeschain.so}

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then BOLD=$'\e[1m'; RED=$'\e[31m'; PLAIN=$'\e[0m'; else BOLD=; RED=; PLAIN=; fi

say() { printf '%s==>%s %s\n' "$BOLD" "$PLAIN" "$*" >&2; }
warn() { printf '%s!!!%s %s\n' "$RED" "$PLAIN" "$*" >&2; }
die() { warn "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

# where NAME: the program's path, also where /usr/sbin is not on the user's PATH.
where() { command -v "$1" 2>/dev/null || { [ -x "/usr/sbin/$1" ] && echo "/usr/sbin/$1"; }; }

# free_port [FIRST]: a TCP port of the loopback address that nothing listens on; FIRST or the next free one when given.
free_port() {
    "$PHP" -n -r '
        $first = (int) ($argv[1] ?? 0);
        for ($port = $first; $port < $first + ($first ? 200 : 1); $port++) {
            if ($socket = @stream_socket_server("tcp://127.0.0.1:$port")) {
                echo substr(strrchr(stream_socket_get_name($socket, false), ":"), 1);
                exit(0);
            }
        }
        exit(1);' -- "${1:-0}"
}

secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# A process is ours when its id and its start time are those that were written down: a reused id is not mistaken.
# One that has ended but that nobody has collected yet (a zombie) does not count.
started_at() { [ -r "/proc/$1/stat" ] && sed 's/.*) //' "/proc/$1/stat" | awk '$1 != "Z" { print $20 }'; }
remember() { printf '%s %s\n' "$1" "$(started_at "$1")" >"$2"; }
alive() {
    local id start
    [ -f "$1" ] && read -r id start <"$1" && [ -n "$id" ] && [ -n "$start" ] && [ "$(started_at "$id")" = "$start" ]
}

# stop_pid FILE [SECONDS]: asks the process and those it started to end, waits, then ends what is left of them.
stop_pid() {
    local id rest i
    if alive "$1"; then
        read -r id rest <"$1"
        kill -TERM -- "-$id" 2>/dev/null || kill -TERM "$id" 2>/dev/null || true
        for ((i = 0; i < ${2:-20} * 20; i++)); do alive "$1" || break; sleep 0.05; done
        kill -KILL -- "-$id" 2>/dev/null || true
    fi
    rm -f "$1"
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
    local i end=$(($1 * 20)); shift
    for ((i = 0; i < end; i++)); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.05; done
    return 1
}

http_answers() { [ "$(curl -s -o /dev/null --noproxy '*' -m 5 -w '%{http_code}' "$1")" -ge 200 ] 2>/dev/null; }

# background LOG COMMAND...: starts it in a session of its own, so that Ctrl-C reaches only the script; prints its id.
background() {
    local log=$1; shift
    setsid "$@" >>"$log" 2>&1 </dev/null &
    echo $!
}

# write_ini DIR KEY=VALUE...: DIR/meschain.ini, to be read through PHP_INI_SCAN_DIR. Secrets stay out of the process list.
write_ini() {
    local dir=$1 pair; shift
    mkdir -p "$dir"
    (
        umask 077
        echo "extension=$LIBRARY"
        for pair in "$@"; do printf 'meschain.%s="%s"\n' "${pair%%=*}" "${pair#*=}"; done
    ) >"$dir/meschain.ini"
}

# with_ini DIR COMMAND...: PHP started by the command reads the system's settings, then those in DIR.
with_ini() { local dir=$1; shift; PHP_INI_SCAN_DIR=":$dir" "$@"; }

need_library() {
    [ -f "$LIBRARY" ] || die "The extension is not built: run \`make build\` first (expected ${LIBRARY#"$ROOT"/})."
    ! "$PHP" -m 2>/dev/null | grep -qx meschain ||
        die "This PHP already loads a meschain extension (see \`php --ini\`). Turn it off here: the scripts load the one that was just built."
}

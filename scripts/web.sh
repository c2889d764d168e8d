#!/usr/bin/env bash
# Serves one folder of PHP on the loopback address: nginx in front of several php-fpm workers, with settings of its own. Where
# nginx or php-fpm is missing, PHP's built-in server with several workers does instead.
#
#   web.sh start --dir DIR --docroot FOLDER [--port FIRST] [--ini FOLDER] [--env NAME=VALUE]... [--workers N] [--router FILE]
#   web.sh stop  --dir DIR
#   web.sh url   --dir DIR
#
# DIR holds pid files, logs and settings. --ini names the folder with meschain.ini. --router is for the built-in server only.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

DIR= DOCROOT= PORT=8080 INI= WORKERS=3 ROUTER= ENVIRONMENT=()
action=${1:-}; shift || true
while [ $# -gt 0 ]; do
    case $1 in
        --dir) DIR=$2 ;;
        --docroot) DOCROOT=$2 ;;
        --port) PORT=$2 ;;
        --ini) INI=$2 ;;
        --env) ENVIRONMENT+=("$2") ;;
        --workers) WORKERS=$2 ;;
        --router) ROUTER=$2 ;;
        *) die "web.sh: unknown argument $1" ;;
    esac
    shift 2
done
[ -n "$DIR" ] || die "web.sh: --dir is missing"
(umask 077 && mkdir -p "$DIR")
DIR=$(cd "$DIR" && pwd)

FPM=$(where "php-fpm$("$PHP" -n -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')" || where php-fpm || true)
NGINX=$(where nginx || true)

SETTINGS=()
[ -z "$INI" ] || SETTINGS=(PHP_INI_SCAN_DIR=":$(cd "$INI" && pwd)")

write_fpm() {
    local pair
    {
        printf '[global]\npid = %s/fpm.id\nerror_log = %s/fpm.log\ndaemonize = no\n' "$DIR" "$DIR"
        printf '[www]\nlisten = %s\npm = static\npm.max_children = %s\nclear_env = yes\n' "$FPM_SOCKET" "$WORKERS"
        printf 'catch_workers_output = yes\ndecorate_workers_output = no\n'
        [ "$(id -u)" != 0 ] || printf 'user = root\ngroup = root\n'
        printf 'env[PATH] = %s\n' "$PATH"
        for pair in "${ENVIRONMENT[@]}"; do printf 'env[%s] = "%s"\n' "${pair%%=*}" "${pair#*=}"; done
        printf 'php_admin_value[error_log] = %s/php.log\nphp_admin_flag[log_errors] = on\n' "$DIR"
    } >"$DIR/fpm.conf"
}

write_nginx() {
    local user=
    [ "$(id -u)" != 0 ] || user='user root;'
    cat >"$DIR/nginx.conf" <<CONF
$user
worker_processes 1;
daemon off;
pid $DIR/nginx.id;
error_log $DIR/nginx.log;
events { worker_connections 256; }
http {
    access_log off;
    client_max_body_size 64m;
    client_body_temp_path $DIR/tmp;
    fastcgi_temp_path $DIR/tmp;
    proxy_temp_path $DIR/tmp;
    scgi_temp_path $DIR/tmp;
    uwsgi_temp_path $DIR/tmp;
    types {
        text/html html; text/css css; text/javascript js mjs; application/json json map; image/svg+xml svg; image/png png;
        image/jpeg jpg jpeg; image/webp webp; image/gif gif; image/x-icon ico; font/woff woff; font/woff2 woff2; font/ttf ttf;
    }
    default_type application/octet-stream;
    charset utf-8;
    gzip on;
    gzip_types text/css text/javascript application/json image/svg+xml;
    server {
        listen 127.0.0.1:$PORT;
        root $DOCROOT;
        index index.php index.html;
        location ~ /\. { return 404; }
        location ^~ /system/ { return 404; }
        location ~ \.(twig|ini|log|sql|tpl)\$ { return 404; }
        location / { try_files \$uri \$uri/ /index.php\$is_args\$args; }
        location ~ \.php\$ {
            try_files \$uri =404;
            fastcgi_pass unix:$FPM_SOCKET;
            fastcgi_index index.php;
            fastcgi_read_timeout 300;
            fastcgi_buffers 16 32k;
            fastcgi_buffer_size 64k;
            fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
            fastcgi_param SCRIPT_NAME \$fastcgi_script_name;
            fastcgi_param DOCUMENT_ROOT \$document_root;
            fastcgi_param DOCUMENT_URI \$document_uri;
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param QUERY_STRING \$query_string;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param CONTENT_TYPE \$content_type;
            fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param SERVER_PROTOCOL \$server_protocol;
            fastcgi_param REQUEST_SCHEME \$scheme;
            fastcgi_param GATEWAY_INTERFACE CGI/1.1;
            fastcgi_param SERVER_SOFTWARE nginx;
            fastcgi_param REMOTE_ADDR \$remote_addr;
            fastcgi_param REMOTE_PORT \$remote_port;
            fastcgi_param SERVER_ADDR \$server_addr;
            fastcgi_param SERVER_PORT \$server_port;
            fastcgi_param SERVER_NAME \$host;
        }
    }
}
CONF
}

start_fpm() {
    local root=()
    FPM_SOCKET=$DIR/fpm.sock
    # Unix sockets may have 107 bytes of path.
    [ ${#FPM_SOCKET} -le 100 ] || FPM_SOCKET=$(mktemp -d "${TMPDIR:-/tmp}/meschain.XXXXXX")/fpm.sock
    rm -f "$FPM_SOCKET"
    mkdir -p "$DIR/tmp"
    (umask 077 && write_fpm && write_nginx)
    [ "$(id -u)" != 0 ] || root=(--allow-to-run-as-root)
    remember "$(background "$DIR/fpm.out" env "${SETTINGS[@]}" "$FPM" "${root[@]}" --nodaemonize --fpm-config "$DIR/fpm.conf")" "$DIR/fpm.pid"
    wait_for 20 test -S "$FPM_SOCKET" || failed fpm.log
    remember "$(background "$DIR/nginx.out" "$NGINX" -e "$DIR/nginx.log" -p "$DIR" -c "$DIR/nginx.conf")" "$DIR/nginx.pid"
}

start_builtin() {
    [ -n "$FPM" ] || warn "php-fpm is missing: PHP's built-in server does instead."
    [ -n "$NGINX" ] || warn "nginx is missing: PHP's built-in server does instead."
    remember "$(background "$DIR/php.out" env "${SETTINGS[@]}" PHP_CLI_SERVER_WORKERS="$WORKERS" "${ENVIRONMENT[@]}" \
        "$PHP" -S "127.0.0.1:$PORT" -t "$DOCROOT" ${ROUTER:+"$ROUTER"})" "$DIR/fpm.pid"
}

failed() {
    warn "The web server did not start. The end of its log:"
    tail -n 20 "$DIR/$1" "$DIR"/*.out >&2 || true
    stop
    exit 1
}

start() {
    [ -d "$DOCROOT" ] || die "web.sh: no folder $DOCROOT"
    DOCROOT=$(cd "$DOCROOT" && pwd)
    stop
    trap 'stop; exit 130' INT TERM
    PORT=$(free_port "$PORT") || die "No free port from $PORT on."
    printf 'http://127.0.0.1:%s/' "$PORT" >"$DIR/url"
    if [ -n "$FPM" ] && [ -n "$NGINX" ] && [ -z "${MESCHAIN_BUILTIN_SERVER:-}" ]; then start_fpm; else start_builtin; fi
    wait_for 30 http_answers "http://127.0.0.1:$PORT/" || failed nginx.log
    trap - INT TERM
    cat "$DIR/url"; echo
}

stop() {
    stop_pid "$DIR/nginx.pid"
    stop_pid "$DIR/fpm.pid"
    rm -f "$DIR/url"
}

case $action in
    start) start ;;
    stop) stop ;;
    url) cat "$DIR/url" 2>/dev/null || exit 1 ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

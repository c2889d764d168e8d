#!/usr/bin/env bash
# Installs what is missing on Debian 12 to build, run and test MesChain. Starts no service; does nothing when all is there.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

RUST_NEEDED=95 # 1.95

php_version() {
    if have "$PHP"; then
        "$PHP" -n -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;'
    else
        apt-cache depends php-cli 2>/dev/null | sed -n 's/.*Depends: php\([0-9.]*\)-cli/\1/p' | head -n 1
    fi
}

# One line for each package: the package, then what its presence shows in: a program, a file, or PHP's module.
wanted() {
    local v=$1
    cat <<EOF
build-essential cc
make make
pkg-config pkg-config
clang clang
libclang-dev file:/usr/lib/llvm-*/lib/libclang.so*
git git
curl curl
ca-certificates file:/etc/ssl/certs/ca-certificates.crt
procps ps
zip zip
unzip unzip
php$v-cli php$v
php$v-dev php-config$v
php$v-fpm php-fpm$v
php$v-mysql module:mysqli
php$v-mbstring module:mbstring
php$v-xml module:dom
php$v-curl module:curl
php$v-gd module:gd
php$v-zip module:zip
php$v-intl module:intl
php$v-apcu module:apcu
php$v-redis module:redis
php$v-bcmath module:bcmath
phpunit phpunit
php-twig file:/usr/share/php/Twig/autoload.php
mariadb-server-core mariadbd
mariadb-client mariadb
redis-server redis-server
memcached memcached
nginx-light nginx
chromium chromium
fonts-dejavu-core file:/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
nodejs node
npm npm
EOF
}

missing() {
    local package sign modules
    modules=$(have "$PHP" && "$PHP" -m 2>/dev/null || true)
    wanted "$1" | while read -r package sign; do
        case $sign in
            file:*) compgen -G "${sign#file:}" >/dev/null || echo "$package" ;;
            module:*) grep -qx "${sign#module:}" <<<"$modules" || echo "$package" ;;
            *) have "$sign" || echo "$package" ;;
        esac
    done
    rust_is_new_enough || printf '%s\n' cargo-web rustc-web rustfmt-web rust-web-clippy
}

rust_is_new_enough() {
    local version
    have cargo && have rustc || return 1
    version=$(cd "$ROOT" && rustc --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\).*/\1/p')
    [ -n "$version" ] && [ "$version" -ge "$RUST_NEEDED" ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif have sudo; then sudo "$@"
    else die "Not root, and there is no sudo. As root, run: apt-get install -y ${packages[*]}"
    fi
}

# Debian starts what it installs unless this file says no. One that is there already is left as it is.
POLICY=/usr/sbin/policy-rc.d
install_packages() {
    local own_policy=
    have apt-get || die "Not a Debian machine. Install these by their names there: ${packages[*]}"
    say "Installing: ${packages[*]}"
    as_root apt-get update -qq || warn "The package lists could not be renewed; trying with those that are there."
    check_rust_package
    if [ ! -e $POLICY ]; then
        own_policy=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee $POLICY >/dev/null
        as_root chmod 755 $POLICY
    fi
    trap '[ -z "'"$own_policy"'" ] || as_root rm -f '$POLICY EXIT
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
    [ -z "$own_policy" ] || as_root rm -f $POLICY
    trap - EXIT
}

check_rust_package() {
    [[ " ${packages[*]} " != *" cargo-web "* ]] || [ -n "$(apt-cache show cargo-web 2>/dev/null)" ] ||
        die "Rust 1.$RUST_NEEDED or newer is needed. Debian's cargo-web package, which has it, is not in this machine's sources: \
add the security archive of Debian 12, or install Rust with rustup, then run this again."
}

main() {
    local version still
    version=$(php_version)
    [ -n "$version" ] || version=8.2
    case $version in
        8.[1-5]) ;;
        *) die "PHP 8.1 to 8.5 is needed, this is $version. Point PHP= at another one." ;;
    esac
    mapfile -t packages < <(missing "$version")
    if [ ${#packages[@]} -gt 0 ]; then
        install_packages
        hash -r
        still=$(missing "$version" | tr '\n' ' ')
        [ -z "$still" ] || die "Still missing after the install: $still"
    fi
    "$PHP" -n -r 'exit(PHP_ZTS ? 1 : 0);' || warn "This PHP is thread-safe (ZTS); MesChain is tested on NTS."
}

main "$@"

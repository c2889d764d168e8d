#!/usr/bin/env bash
# run.sh general|ai|storefront: measures, prints one table, and writes it into its section of docs/benchmarks.md.
#
#   SIZE=medium      of the sample shop for `general`
#   OPENCART_DIR     upload folder of an OpenCart in which `storefront`, also as a part of `general`, measures the shop's module
#   MESCHAIN_DATA    folder with the public data sets for `ai`; default ../shared/data. Sets that are not there are left out and said.
set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
cd "$ROOT"

TEMP=$(mktemp -d "${TMPDIR:-/tmp}/meschain-bench.XXXXXX")
trap 'for dir in "$TEMP/web" "$TEMP"/*/web; do bash scripts/web.sh stop --dir "$dir" || true; done
    bash scripts/services.sh stop --dir "$TEMP" || true; rm -rf "$TEMP"' EXIT
trap 'exit 130' INT TERM

meschain() { with_ini "$TEMP/ini" "$PHP" php/bin/meschain "$@"; }

shop() {
    bash scripts/services.sh start --dir "$TEMP"
    eval "$(bash scripts/services.sh env --dir "$TEMP")"
    export MESCHAIN_DATABASE_URL=$MESCHAIN_MARIADB_URL/bench MESCHAIN_REDIS_URL MESCHAIN_MEMCACHED
    export MESCHAIN_DATA_DIR=$TEMP/data
    "$PHP" scripts/create-database.php "$MESCHAIN_MARIADB_URL" bench
    write_ini "$TEMP/ini" "database_url=$MESCHAIN_DATABASE_URL" "redis_url=$MESCHAIN_REDIS_URL" "data_dir=$MESCHAIN_DATA_DIR"
    say "Making the sample shop"
    meschain migrate --quiet
    meschain sample --size "${SIZE:-medium}" --seed 1 --quiet
    meschain migrate --quiet
    meschain refresh --quiet
}

# example CRATE NAME: a measurement in Rust, which prints a JSON object a line.
example() {
    [ -f "crates/$1/examples/$2.rs" ] || return 0
    say "$2"
    cargo run --release --quiet --package "meschain-$1" --example "$2" || warn "$1: $2 failed"
}

# The shop's module beside OpenCart's own ones, in the pages of a real OpenCart. A table of its own: `general` without an OpenCart leaves it.
storefront() {
    if [ -z "${OPENCART_DIR:-}" ]; then
        warn "storefront: skipped, set OPENCART_DIR to an OpenCart's upload folder."
        return 0
    fi
    bash scripts/build.sh all
    bash scripts/package.sh
    (
        TEMP=$TEMP/storefront
        . scripts/opencart/shop.sh
        bash scripts/services.sh start --dir "$TEMP/.."
        eval "$(bash scripts/services.sh env --dir "$TEMP/..")"
        opencart_shop "${SIZE:-medium}" 1
        say "Measuring the shop's module"
        OPENCART_VERSION=$version "$PHP" benches/opencart/storefront.php >"$TEMP/lines"
    ) >&2
    "$PHP" benches/table.php storefront "$TEMP/storefront/lines" docs/benchmarks.md
}

general() {
    bash scripts/build.sh library
    shop
    say "Measuring"
    {
        for file in benches/php/*.php; do
            say "$(basename "$file" .php)"
            with_ini "$TEMP/ini" "$PHP" -d apc.enable_cli=1 "$file" || warn "$file failed"
        done
        example shop snapshot_load
        example reporting dashboard
        for file in crates/performance/examples/bench_*.rs; do
            [ ! -f "$file" ] || example performance "$(basename "$file" .rs)"
        done
    } >"$TEMP/lines"
    "$PHP" benches/table.php general "$TEMP/lines" docs/benchmarks.md
    storefront
}

# The Python peers install into an environment of their own, kept in .cache.
peers() {
    local venv=$ROOT/.cache/bench-venv file
    [ -f benches/ai/requirements.txt ] || return 0
    if [ ! -f "$venv/ready" ] || [ benches/ai/requirements.txt -nt "$venv/ready" ]; then
        say "Installing the Python peers"
        python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --requirement benches/ai/requirements.txt >&2 ||
            { warn "The Python peers could not be installed; our figures stand alone."; return 0; }
        touch "$venv/ready"
    fi
    for file in benches/ai/"$1"*.py; do
        [ ! -f "$file" ] || OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 "$venv/bin/python" "$file" || warn "$file failed"
    done
}

# What the answers cost from PHP, on a sample shop that is trained for it.
calls() {
    bash scripts/build.sh library >&2
    shop
    say "Training the sample shop's models"
    meschain train --quiet >&2
    with_ini "$TEMP/ini" "$PHP" benches/ai/calls.php || warn "calls.php failed"
    with_ini "$TEMP/ini" "$PHP" benches/ai/known.php || warn "known.php failed"
    known_after kept.php ', prices kept by a worker'
    known_after mixed.php ', sizes, dealers and a marketplace mixed'
    known_after slips.php ', mixed so, and some prices mistyped for a day'
}

# How near the elasticities come once the script $1 has changed the shop; $2 is added to what the rows are called.
known_after() {
    say "The same shop$2"
    "$PHP" "benches/ai/$1" && meschain refresh --rebuild --quiet && meschain train --models pricing,forecasting --force --quiet >&2 &&
        with_ini "$TEMP/ini" "$PHP" benches/ai/known.php "$2" || warn "$1 failed"
}

ai() {
    export MESCHAIN_DATA=${MESCHAIN_DATA:-$ROOT/../shared/data} MESCHAIN_MATRIX=$TEMP/matrix
    local model
    if [ ! -d "$MESCHAIN_DATA" ]; then
        echo "bench-ai: skipped, there is no folder $MESCHAIN_DATA (set MESCHAIN_DATA)."
        return
    fi
    for model in categorise forecast pricing recommend; do
        say "$model"
        {
            cargo run --release --quiet --package meschain-ai --example "bench_$model" || warn "bench_$model failed"
            peers "$model"
        } | tee "$TEMP/$model.lines"
    done
    calls >"$TEMP/calls.lines"
    "$PHP" benches/models.php "$TEMP" >"$TEMP/ai.md"
    "$PHP" benches/table.php ai "$TEMP/calls.lines" docs/benchmarks.md "$TEMP/ai.md"
}

case ${1:-} in
    general) general ;;
    ai) ai ;;
    storefront) storefront ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

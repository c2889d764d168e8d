#!/usr/bin/env bash
# phpt.sh [FILE|FOLDER]...: runs tests/phpt (or what is named) with PHP's own run-tests.php and the extension that was built.
# The tests find a private database and cache in MESCHAIN_TEST_DATABASE_URL and MESCHAIN_TEST_REDIS_URL when those are set.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
need_library

runner=$(ls "$("$PHP" -n -r 'echo PHP_EXTENSION_DIR;')/build/run-tests.php" \
    /usr/lib/php/"$("$PHP" -n -i | sed -n 's/^PHP API => //p')"/build/run-tests.php 2>/dev/null | head -n 1)
[ -n "$runner" ] || die "run-tests.php is missing: it comes with PHP's development package (php-dev)."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
[ $# -gt 0 ] || set -- tests/phpt

export TEST_PHP_EXECUTABLE NO_INTERACTION=1 MESCHAIN_LIBRARY=$LIBRARY
TEST_PHP_EXECUTABLE=$(where "$PHP")
code=0
"$PHP" -n "$runner" -q --show-diff -d "extension=$LIBRARY" "$@" 2>&1 | tee "$log" || code=$?
# A run in which not one test was executed has shown nothing.
grep -qE 'Tests passed +: +[1-9]' "$log" || code=1
exit "$code"

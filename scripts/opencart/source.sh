# opencart_source: prints the upload folder to install from: OPENCART_DIR, or OPENCART_VERSION's official release, downloaded into .cache.
# Sourced after lib.sh.

opencart_source() {
    local version=${OPENCART_VERSION:-} folder
    if [ -n "${OPENCART_DIR:-}" ]; then
        folder=$OPENCART_DIR
        [ -d "$folder/upload" ] && folder=$folder/upload
        [ -d "$folder" ] || die "OPENCART_DIR: there is no folder $OPENCART_DIR."
        (cd "$folder" && pwd)
        return
    fi
    folder=$ROOT/.cache/opencart-$version
    if [ ! -d "$folder/upload" ]; then
        say "Downloading OpenCart $version"
        download_opencart "$version" "$folder"
    fi
    echo "$folder/upload"
}

download_opencart() {
    local version=$1 folder=$2 zip=$ROOT/.cache/opencart-$1.zip found
    mkdir -p "$ROOT/.cache"
    curl -fL --retry 1 --connect-timeout 15 -sS -o "$zip" \
        "https://github.com/opencart/opencart/releases/download/$version/opencart-$version.zip" || {
        rm -f "$zip"
        die "OpenCart $version could not be downloaded: this machine does not reach the release page (or there is no such release). \
Get the release on another machine, unpack it here, and use OPENCART_DIR=<its upload folder>."
    }
    rm -rf "$folder.part"
    unzip -q "$zip" -d "$folder.part"
    found=$(find "$folder.part" -maxdepth 3 -type d -name upload | head -n 1)
    [ -n "$found" ] || die "$zip holds no upload folder."
    mkdir -p "$folder"
    mv "$found" "$folder/upload"
    rm -rf "$folder.part"
}

opencart_version() { sed -n "s/.*define('VERSION', *'\([^']*\)').*/\1/p" "$1/index.php"; }

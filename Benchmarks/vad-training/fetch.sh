#!/bin/sh
# Fetches the free audio named in packages.txt with apt and unpacks it. Nothing is installed.
# Run: ./fetch.sh WORK        (about 900 MB come, into WORK/root)
set -eu
list="$(dirname "$(realpath "$0")")/packages.txt"
mkdir -p "$1/debs" "$1/root"
cd "$1/debs"
xargs apt-get download -q < "$list"
for deb in *.deb; do dpkg-deb -x "$deb" ../root; done

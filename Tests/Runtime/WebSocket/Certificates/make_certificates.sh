#!/bin/sh
# Makes the pairs of this folder: one for this machine, one for another name. Valid for a hundred years.
set -e
make() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
        -subj "/CN=$1" -addext "subjectAltName=$2" -keyout "$1.key.pem" -out "$1.pem"
}
make localhost "DNS:localhost,IP:127.0.0.1"
make other.example "DNS:other.example"

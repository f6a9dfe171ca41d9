#!/bin/sh
# Copies the licences of what is linked into a program, whose package PACKAGE is built in the
# module in MODULE: packaging/licenses.sh MODULE PACKAGE FOLDER
# The folder may have those of another program, read-only as the module cache is.
set -eu
folder=$3
mkdir -p "$folder/go"
cp -f "$(go env GOROOT)/LICENSE" "$folder/go"
modules=$(go -C "$1" list -deps -f '{{with .Module}}{{.Path}} {{.Dir}}{{end}}' "$2")
echo "$modules" | sort -u | while read -r module source; do
  for file in "$source"/LICEN[CS]E* "$source"/NOTICE* "$source"/COPYING*; do
    if [ -f "$file" ]; then
      mkdir -p "$folder/$module"
      cp -f "$file" "$folder/$module"
    fi
  done
done

#!/bin/sh
# Ends with 0 if the programs in a folder are for ARCH: packaging/arch.sh ARCH FOLDER PROGRAM…
set -eu
arch=$1 folder=$2
shift 2
for program; do
  built=$(go version -m "$folder/$program" 2>/dev/null | awk -F '[ \t=]' '/\tGOOS=/ { os = $NF } /\tGOARCH=/ { arch = $NF } END { if (os) print os "/" arch }')
  case $built in
    "" | "linux/$arch") ;; # it says nothing, or the right thing
    *)
      echo "PROGRAMS is \"$folder\", whose $program is for $built, and ARCH is \"$arch\": name the folder of programs that are for it" >&2
      exit 1
      ;;
  esac
done

#!/usr/bin/env bash
# What makes the images, as a script, so that a test runs the same steps where there is no Docker:
#   build-steps.sh publish FOLDER [ARGUMENT...]   the command with its stages; further arguments are dotnet publish's
#   build-steps.sh try FOLDER                     whether it runs from there: version, doctor, serve, its health and its end
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

publish() { # folder, arguments...
  local folder=$1
  shift
  dotnet publish "$here/../src/Pipeline.Cli" -o "$folder" --nologo -v q "$@"
}

try() { # folder
  local pipeline=(dotnet "$1/pipeline.dll") address='' end=$((SECONDS + 60))
  scratch=$(mktemp -d) server=''
  trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  "${pipeline[@]}" --version
  "${pipeline[@]}" doctor --state "$scratch/state"
  "${pipeline[@]}" serve --state "$scratch/state" --port 0 >"$scratch/said" 2>&1 &
  server=$!
  until address=$(grep -o 'http://[^ ]*' "$scratch/said") && bash "$here/health.sh" "$(echo "$address" | grep -oE '[0-9]+/?$' | tr -d /)"; do
    kill -0 "$server" 2>/dev/null && [ $SECONDS -lt $end ] || { echo "serve is not well:"; cat "$scratch/said"; exit 1; }
    sleep 0.1
  done
  kill -TERM "$server"
  wait "$server" && server=''
  echo "served at $address, was well, and ended when asked to"
}

case ${1:-} in
  publish | try) "$@" ;;
  *) sed -n '2,4p' "$0"; exit 2 ;;
esac

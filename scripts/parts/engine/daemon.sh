#!/bin/sh
# The first process in the PID namespace of a test run's container engine. When this script exits, the kernel
# ends everything in the namespace, including containers and mounts. Standard input comes from the test run:
# when it closes, the engine is stopped.
set -eu
run=$1 data=$2

mkdir -p "$run" "$data"
# Ignore the machine's /etc/docker/daemon.json.
echo '{}' >"$run/daemon.json"
export DOCKER_HOST="unix://$run/docker.sock"

exec 3<&0
dockerd --config-file "$run/daemon.json" --host "$DOCKER_HOST" --group root --data-root "$data" \
  --exec-root "$run/exec" --pidfile "$run/pid" --storage-driver overlay2 --log-level warn &
engine=$!
{
  cat <&3 >/dev/null
  # Remove containers first: the engine would wait ten seconds for each one.
  docker ps --all --quiet | xargs --no-run-if-empty timeout 10 docker rm --force --volumes || true
  kill -TERM "$engine"
  sleep 5
  kill -KILL "$engine"
} &
wait "$engine"

#!/bin/sh
# The first process of the namespace in which a test run's own container engine lives: when this
# script ends, the kernel ends whatever is left in there, containers and mounts included. Standard
# input is the test run's: when that closes, however the run ended, the engine is asked to stop.
set -eu
run=$1 data=$2

mkdir -p "$run" "$data"
# A developer's /etc/docker/daemon.json is not for this engine.
echo '{}' >"$run/daemon.json"
export DOCKER_HOST="unix://$run/docker.sock"

exec 3<&0
dockerd --config-file "$run/daemon.json" --host "$DOCKER_HOST" --group root --data-root "$data" \
  --exec-root "$run/exec" --pidfile "$run/pid" --storage-driver overlay2 --log-level warn &
engine=$!
{
  cat <&3 >/dev/null
  # The engine would wait ten seconds for each container.
  docker ps --all --quiet | xargs --no-run-if-empty timeout 10 docker rm --force --volumes || true
  kill -TERM "$engine"
  sleep 5
  kill -KILL "$engine"
} &
wait "$engine"

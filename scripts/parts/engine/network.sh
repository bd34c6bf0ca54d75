#!/bin/sh
# Creates a network namespace for a test run's container engine and runs the engine in it, so that its loopback,
# bridges and firewall rules affect no other engine. The tests join the namespace and reach the engine as usual.
# A veth pair connects the namespace to the machine, which forwards its traffic like a container's.
set -eu
slot=$1 run=$2 data=$3 log=$4

# At this point the process holds the slot's lock.
echo locked
exec >"$log" 2>&1

network=workbench$slot
outside=10.213.$slot.1
inside=10.213.$slot.2

firewall() {
  iptables --wait --table nat "$1" POSTROUTING --source "$inside" --jump MASQUERADE
  iptables --wait "$1" FORWARD --in-interface "$network" --jump ACCEPT
  iptables --wait "$1" FORWARD --out-interface "$network" --match conntrack \
    --ctstate RELATED,ESTABLISHED --jump ACCEPT
}
clean_up() {
  firewall --delete || true
  ip link delete "$network" || true
  ip netns delete "$network" || true
  rm -rf "$run"
}

# Remove what a killed run left.
clean_up 2>/dev/null

ip netns add "$network"
ip link add "$network" type veth peer name uplink netns "$network"
ip address add "$outside/24" dev "$network"
ip link set "$network" up
ip -netns "$network" link set lo up
ip -netns "$network" address add "$inside/24" dev uplink
ip -netns "$network" link set uplink up
ip -netns "$network" route add default via "$outside"
firewall --insert
echo 1 >/proc/sys/net/ipv4/ip_forward

nsenter --net="/run/netns/$network" unshare --pid --mount-proc --fork --kill-child \
  sh "$(dirname "$0")/daemon.sh" "$run" "$data" || true
clean_up

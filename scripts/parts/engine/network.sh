#!/bin/sh
# Gives a test run's own container engine a network of its own and keeps the engine in it: loopback,
# bridges and firewall of a test run touch neither a developer's engine nor another test run's. The
# tests join that network, and so meet the engine as they meet any. Its only way out is a link to
# the machine, whose traffic is passed on like a container's.
set -eu
slot=$1 run=$2 data=$3 log=$4

# Who gets here holds the slot's lock.
echo mine
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
clear_away() {
  firewall --delete || true
  ip link delete "$network" || true
  ip netns delete "$network" || true
  rm -rf "$run"
}

# What is still there was left by a run of which this very script was killed.
clear_away 2>/dev/null

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
clear_away

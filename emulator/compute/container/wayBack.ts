import type { Logger } from '../../log.ts';
import type { Engine } from './engine.ts';
import type { Network } from './network.ts';

/** A port for containers, at an address that they reach. */
export interface Door {
  readonly number: number;
  close(): Promise<void>;
}

/** Where containers find their emulator. */
export interface Way {
  readonly port: number;
  /** What stands behind the name that they have for the emulator's machine. */
  readonly address: string;
}

/** Finds the way from containers back to the emulator, and makes one where there is none. */
export interface WayBack {
  find(engine: Engine, network: Network): Promise<Way>;
  close(): Promise<void>;
}

/** No door is open yet. */
export function createWayBack({
  ownPort,
  openDoor,
  logger,
}: {
  /** The emulator's own port, on loopback. */
  ownPort: () => number;
  /** Opens a door at another address of this machine. */
  openDoor: (address: string) => Promise<Door>;
  logger: Logger;
}): WayBack {
  const doors = new Map<string, Promise<Door | null>>();
  const warned = new Set<string>();

  function doorAt(address: string): Promise<Door | null> {
    const known = doors.get(address);
    if (known) return known;
    const door = openDoor(address).catch(() => {
      // The network may just be coming up: the next session tries again.
      doors.delete(address);
      // Elsewhere engines run in virtual machines as a rule; here one that does not answer at its
      // gateway is rootless, behind a network of its own.
      if (process.platform === 'linux' && !warned.has(address)) {
        warned.add(address);
        logger.warn(
          `what agents in containers call of AgentCore will fail: ${address}, where they look for this machine, is none of its addresses, as with a rootless engine`,
        );
      }
      return null;
    });
    doors.set(address, door);
    return door;
  }

  return {
    async find({ inVirtualMachine }, { gateway }) {
      const door = gateway === null || inVirtualMachine ? null : await doorAt(gateway);
      if (door && gateway !== null) return { port: door.number, address: gateway };
      // The engine of a virtual machine leads this name to our loopback.
      return { port: ownPort(), address: 'host-gateway' };
    },
    async close() {
      for (const door of doors.values()) await (await door)?.close();
    },
  };
}

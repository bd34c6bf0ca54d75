import type { Logger } from '../../log.ts';
import type { Engine } from './engine.ts';
import type { Network } from './network.ts';

/** A listener at an address that containers can reach. */
export interface ContainerListener {
  readonly number: number;
  close(): Promise<void>;
}

/** The address and port at which containers reach the emulator. */
export interface EmulatorRoute {
  readonly port: number;
  /** The address that the emulator's host name resolves to in containers. */
  readonly address: string;
}

/** Finds how containers reach the emulator, and opens a listener for them where needed. */
export interface EmulatorReachability {
  find(engine: Engine, network: Network): Promise<EmulatorRoute>;
  close(): Promise<void>;
}

/** Opens listeners on demand. */
export function createEmulatorReachability({
  port,
  openListener,
  logger,
}: {
  /** The emulator's own port, on loopback. */
  port: number;
  /** Opens a listener at another address of this machine. */
  openListener: (address: string) => Promise<ContainerListener>;
  logger: Logger;
}): EmulatorReachability {
  const listeners = new Map<string, Promise<ContainerListener | null>>();
  const warned = new Set<string>();

  function findListener(address: string): Promise<ContainerListener | null> {
    const known = listeners.get(address);
    if (known) return known;
    const listener = openListener(address).catch(() => {
      // The network may not be ready yet; the next session tries again.
      listeners.delete(address);
      // On other systems, engines usually run in virtual machines. On Linux, an engine whose gateway
      // is not an address of this machine is rootless and has its own network.
      if (process.platform === 'linux' && !warned.has(address)) {
        warned.add(address);
        logger.warn(
          `Agents in containers cannot call the emulator: the network gateway ${address} is not an address of this machine, as with a rootless engine`,
        );
      }
      return null;
    });
    listeners.set(address, listener);
    return listener;
  }

  return {
    async find({ inVirtualMachine }, { gateway }) {
      const listener = gateway === null || inVirtualMachine ? null : await findListener(gateway);
      if (listener && gateway !== null) return { port: listener.number, address: gateway };
      // An engine in a virtual machine resolves this name to this machine's loopback.
      return { port, address: 'host-gateway' };
    },
    async close() {
      for (const listener of listeners.values()) await (await listener)?.close();
    },
  };
}

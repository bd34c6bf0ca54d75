import type { Logger } from '../../log.ts';
import type { Engine } from './engine.ts';
import type { Network } from './network.ts';

/** A listener for containers, at an address that they reach. */
export interface ContainerListener {
  readonly number: number;
  close(): Promise<void>;
}

/** Where containers reach the emulator. */
export interface EmulatorRoute {
  readonly port: number;
  /** The address that their name for the emulator's machine resolves to. */
  readonly address: string;
}

/** Finds how containers reach the emulator, and opens a listener for them where needed. */
export interface EmulatorReachability {
  find(engine: Engine, network: Network): Promise<EmulatorRoute>;
  close(): Promise<void>;
}

/** Creates it without listeners; they are opened on demand. */
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

  function listenerAt(address: string): Promise<ContainerListener | null> {
    const known = listeners.get(address);
    if (known) return known;
    const listener = openListener(address).catch(() => {
      // The network may still be coming up: the next session tries again.
      listeners.delete(address);
      // On other systems engines usually run in virtual machines. On Linux, one that does not answer
      // at its gateway is rootless and has a network of its own.
      if (process.platform === 'linux' && !warned.has(address)) {
        warned.add(address);
        logger.warn(
          `what agents in containers call of AgentCore will fail: ${address}, where they look for this machine, is none of its addresses, as with a rootless engine`,
        );
      }
      return null;
    });
    listeners.set(address, listener);
    return listener;
  }

  return {
    async find({ inVirtualMachine }, { gateway }) {
      const listener = gateway === null || inVirtualMachine ? null : await listenerAt(gateway);
      if (listener && gateway !== null) return { port: listener.number, address: gateway };
      // An engine in a virtual machine resolves this name to our loopback.
      return { port, address: 'host-gateway' };
    },
    async close() {
      for (const listener of listeners.values()) await (await listener)?.close();
    },
  };
}

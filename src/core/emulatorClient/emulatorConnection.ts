import type { Connection } from '../../shared/agent.ts';
import type { Subscribe } from '../emitter.ts';
import { createEmulatorClient, type EmulatorClient } from './emulatorClient.ts';

/** The emulator that serves a project. It may stop, and start again at another URL. */
export interface EmulatorConnection {
  /** Null while no emulator serves the project. */
  client(): EmulatorClient | null;
  status(): Connection;
  readonly onChange: Subscribe;
  /** Starts the emulator again, if this program can. */
  reconnect(): void;
}

/** Connects to an emulator that runs as long as this program, until `close`. */
export function connectEmulator(url: string): EmulatorConnection & { close(): void } {
  const client = createEmulatorClient(url);
  return {
    client: () => client,
    status: () => ({ state: 'ready' }),
    onChange: () => () => {},
    reconnect() {},
    close: client.close,
  };
}

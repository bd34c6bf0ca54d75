import type { Connection } from '../../shared/agent.ts';
import type { Subscribe } from '../emitter.ts';
import type { EmulatorClient } from '../emulatorClient/emulatorClient.ts';
import type { EmulatorConnection } from '../emulatorClient/emulatorConnection.ts';
import type { EmulatorState } from './emulatorState.ts';

/** An emulator that this program starts and stops. */
export interface ManagedEmulator {
  state(): EmulatorState;
  /** Each URL that it serves at has a client of its own; null while it does not serve. */
  client(): EmulatorClient | null;
  readonly onChange: Subscribe<EmulatorState>;
}

/** Connects to a managed emulator. */
export function connectManagedEmulator(
  { state, client, onChange }: ManagedEmulator,
  reconnect: () => void,
): EmulatorConnection {
  return {
    client,
    status: () => toConnection(state()),
    onChange: (listener) => onChange(() => listener()),
    reconnect,
  };
}

function toConnection(state: EmulatorState): Connection {
  switch (state.status) {
    case 'starting':
      return { state: 'starting' };
    case 'running':
    case 'attached':
      return { state: 'ready' };
    case 'stopping':
      return { state: 'gone', why: 'Its sessions are being terminated.' };
    case 'stopped':
      return { state: 'gone', why: 'It is stopped.' };
    case 'failed': {
      const { why, logTail } = state.failure;
      return { state: 'gone', why: [sentence(why), ...logTail].join('\n') };
    }
  }
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}

import type { Connection } from '../../shared/agent.ts';
import { createEmitter, type Subscribe } from '../emitter.ts';
import { createEmulatorClient, type EmulatorClient } from '../emulatorClient/emulatorClient.ts';
import type { EmulatorConnection } from '../emulatorClient/emulatorConnection.ts';
import { emulatorUrl, type EmulatorState } from './emulatorState.ts';

/** An emulator that this program starts and stops. */
export interface ManagedEmulator {
  state(): EmulatorState;
  readonly onChange: Subscribe<EmulatorState>;
}

/** Connects to a managed emulator. Each URL that it serves at gets a client of its own. */
export function connectManagedEmulator(
  emulator: ManagedEmulator,
  reconnect: () => void,
): EmulatorConnection {
  const { subscribe, emit } = createEmitter();
  let client: EmulatorClient | null = null;

  function update(): void {
    const url = emulatorUrl(emulator.state());
    if (client?.admin.url !== url) {
      client?.close();
      client = url === null ? null : createEmulatorClient(url);
    }
    emit();
  }

  const unsubscribe = emulator.onChange(update);
  update();
  return {
    client: () => client,
    status: () => statusOf(emulator.state()),
    onChange: subscribe,
    reconnect,
    close() {
      unsubscribe();
      client?.close();
    },
  };
}

function statusOf(state: EmulatorState): Connection {
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

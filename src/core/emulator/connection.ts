import type { Connection } from '../../shared/chat/agent.ts';
import type { EmulatorState } from './emulatorState.ts';

/** What a chat with the emulator's agents says about the way to them. */
export function connectionOf(state: EmulatorState): Connection {
  switch (state.status) {
    case 'starting':
      return { state: 'starting' };
    case 'running':
    case 'attached':
      return { state: 'ready' };
    case 'stopping':
      return { state: 'gone', why: 'Its sessions are being ended.' };
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

import { createContext } from 'preact';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import type { RecordName } from './machinesPanel.tsx';

/** The current state of the session, for the last turn. */
export interface CurrentSession {
  readonly status: SessionStatus;
  /** ID of the last turn; null before the first. */
  readonly turn: string | null;
  /** Toggles the log or the timeline. Null if the runtime has no records. */
  readonly onRecord: ((name: RecordName, button: HTMLElement) => void) | null;
}

/** A context, so that turns are not rendered again when the session changes. */
export const SessionContext = createContext<CurrentSession>({
  status: { state: 'unknown' },
  turn: null,
  onRecord: null,
});

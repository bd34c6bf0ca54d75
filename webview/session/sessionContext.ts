import { createContext } from 'preact';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import type { RecordName } from './machinesPanel.tsx';

/** The session as it is now, for the turn that met it last. */
export interface CurrentSession {
  readonly status: SessionStatus;
  /** The last turn; null before the first. */
  readonly turn: string | null;
  /** Opens and closes its log or its timeline, by a button; null where nobody tells them. */
  readonly onRecord: ((name: RecordName, button: HTMLElement) => void) | null;
}

/** So that turns are not built again when the session becomes another. */
export const SessionContext = createContext<CurrentSession>({
  status: { state: 'unknown' },
  turn: null,
  onRecord: null,
});

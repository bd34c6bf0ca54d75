import { createAdminClient, type AdminClient } from './adminClient.ts';
import { createSessionStore, type SessionStore } from './sessionStore.ts';

/** Everything a program reads from one emulator. Share it: it has one event stream. */
export interface EmulatorClient {
  readonly admin: AdminClient;
  readonly sessions: SessionStore;
  /** Ends the event stream. */
  close(): void;
}

/** Creates a client of the emulator at a URL. It reads nothing before the first call. */
export function createEmulatorClient(url: string): EmulatorClient {
  const admin = createAdminClient(url);
  const sessions = createSessionStore(admin);
  return { admin, sessions, close: sessions.close };
}

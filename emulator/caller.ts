import type { SessionRun } from '../src/shared/emulator.ts';

/** An agent whose session URL a request used. Calls are attributed to its session and authorized for it. */
export interface Caller {
  readonly agent: { readonly source: { readonly name: string } };
  /** The session that it serves; null while it waits for one. */
  session(): CallingSession | null;
}

/** A session whose agent calls the emulator. */
export interface CallingSession {
  readonly run: SessionRun;
  /** The requests that its agent carries out. */
  requests(): readonly RunningRequest[];
}

/** A request in flight. */
export interface RunningRequest {
  readonly requestId: string;
  /** The sender's span in W3C form. */
  readonly traceParent: string | null;
}

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { ErrorAnswer } from '../../../wire/response.ts';
import type { WireError } from '../../../wire/errors.ts';
import type { Refused, RequestLine } from '../../../wire/wire.ts';
import type { Health } from '../contract.ts';

/** A protocol that agents speak: all in which they differ by it. */
export interface Protocol {
  /** The port that its agents listen on. */
  readonly port: number;
  /** Where its agents take what their callers send. */
  readonly path: string;
  /** How its agents are asked whether they serve. */
  readonly health: Health;
  /** Headers of its own that reach the agent as they came. */
  readonly headers: readonly string[];
  /** The variable by which its agents learn the address that their callers know them by. */
  readonly addressVariable?: string;
  /** What its clients ask beside `POST …/invocations`, the path being what follows that. */
  readonly doors: readonly RequestLine[];
  /** Leads invocations to sessions, for one emulator. */
  createPassage(): Passage;
  /** Says a refusal of ours in its words. */
  refuse(error: WireError, asked: Asked): ErrorAnswer;
  /** The event that ends a stream of them that breaks off, where there is one for that. */
  breakOff?(error: WireError): string;
}

/** What was asked; its body, if it came so far. */
export type Asked = Pick<Refused, 'method' | 'body'>;

/** How invocations come to the sessions that they are for. */
export interface Passage {
  /** Throws what the protocol demands of requests and does not find. */
  enter(invocation: Invocation): Entry;
}

/** What of an invocation says which session it is for. */
export interface Invocation {
  readonly runtimeId: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly runtimeSessionId: string | undefined;
  readonly mcpSessionId: string | undefined;
  readonly payload: Buffer;
}

/** Where an invocation goes, and with what. */
export interface Entry {
  readonly sessionId: string;
  /** Headers that the agent gets instead of the caller's. */
  readonly headers: OutgoingHttpHeaders;
  /** The MCP session that the caller is told, by the one that the agent names. */
  mcpSessionId(issued: string | undefined): string | undefined;
}

import { isLoopback } from '../../src/shared/loopback.ts';
import type { Caller } from '../caller.ts';

/** The decision about a request: its path and caller without the base path, or why it is refused. */
export type Admission =
  | { readonly admitted: true; readonly path: string; readonly caller: Caller | null }
  | { readonly admitted: false; readonly why: string };

/** The parts of a request that decide about its admission. */
export interface RequestOrigin {
  /** The raw path, query included. */
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/**
 * The listeners of an emulator: `local` serves this machine and sessions. `containers` listens at an
 * address that other machines may reach too, so it serves sessions only.
 */
export type ListenerKind = 'local' | 'containers';

/** The rules of a listener. */
export interface AdmissionRules {
  readonly listener: ListenerKind;
  /** The operator's token. Where there is one, every request needs it or a session's URL. */
  readonly token: string | null;
  callerOf(sessionToken: string): Caller | undefined;
}

/**
 * Decides about one request. A web page anywhere can make a browser send requests to loopback, so
 * the Host must be this machine and an Origin must be the emulator's own page. That keeps out both
 * foreign pages and host names that were rebound to 127.0.0.1.
 */
export function admit(
  { path, host, origin, authorization }: RequestOrigin,
  { listener, token, callerOf }: AdmissionRules,
): Admission {
  const base = splitBasePath(path);
  const caller = base.token === null ? undefined : callerOf(base.token);
  if (listener === 'containers' && caller === undefined) {
    return refuse('only sessions in containers come in here, by their address (/@…)');
  }
  const hasOperatorToken =
    listener === 'local' &&
    token !== null &&
    (base.token === token || isOperatorBearer(authorization, token));
  // Only a client that knows a secret URL can send one, so its Host need not be checked.
  if (!hasOperatorToken && caller === undefined && !isLoopback(hostName(host))) {
    return refuse(`the Host ${quote(host)} is not this machine; use 127.0.0.1 or localhost`);
  }
  if (origin !== undefined && hostOfOrigin(origin) !== host?.toLowerCase()) {
    return refuse(`the Origin ${quote(origin)} is not the emulator's own page`);
  }
  if (hasOperatorToken) return { admitted: true, path: base.path, caller: null };
  if (caller !== undefined) return { admitted: true, path: base.path, caller };
  if (base.token !== null) {
    return refuse('this address (/@…) belongs to no live session; it ended with its session');
  }
  if (token !== null) {
    return refuse(
      "the emulator requires a token; use the URL in ready.json of its data folder, or send 'Authorization: Bearer TOKEN'",
    );
  }
  return { admitted: true, path, caller: null };
}

/** True where a bearer is the operator's token, which agents must not see. */
export function isOperatorBearer(authorization: string | undefined, token: string | null): boolean {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return token !== null && bearer === token;
}

function refuse(why: string): { admitted: false; why: string } {
  return { admitted: false, why };
}

function splitBasePath(path: string): { token: string | null; path: string } {
  // VS Code, and other clients that encode what need not be, write the @ as %40.
  const match = /^\/(?:@|%40)([^/?]*)(.*)$/.exec(path);
  if (!match) return { token: null, path };
  const rest = match[2]!;
  return { token: match[1]!, path: rest.startsWith('/') ? rest : `/${rest}` };
}

function hostName(host: string | undefined): string {
  return (host ?? '')
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
}

function hostOfOrigin(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

function quote(text: string | undefined): string {
  return text === undefined ? '(none)' : `'${text}'`;
}

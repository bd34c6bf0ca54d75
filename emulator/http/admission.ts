import { isLoopback } from '../../src/shared/loopback.ts';
import type { Caller } from '../caller.ts';

/** The reason for refusing a request without the operator's token. */
export const TOKEN_REQUIRED = 'the emulator requires a token';

/** The decision about a request: its path without the base path and its caller, or a refusal. */
export type Admission =
  | { readonly admitted: true; readonly path: string; readonly caller: Caller | null }
  | { readonly admitted: false; readonly reason: string };

/** The parts of a request that determine its admission. */
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
  /** The operator's token. If set, every request requires it or a session's URL. */
  readonly token: string | null;
  findCaller(sessionToken: string): Caller | undefined;
}

/**
 * Decides about one request. A web page anywhere can make a browser send requests to loopback, so
 * the Host must be this machine and an Origin must be the emulator's own page. This rejects foreign pages and
 * host names that were rebound to 127.0.0.1.
 */
export function admit(
  { path, host, origin, authorization }: RequestOrigin,
  { listener, token, findCaller }: AdmissionRules,
): Admission {
  const base = splitBasePath(path);
  const caller = base.token === null ? undefined : findCaller(base.token);
  if (listener === 'containers' && caller === undefined) {
    return refuse('this listener accepts only session URLs (/@…)');
  }
  const hasOperatorToken =
    listener === 'local' &&
    token !== null &&
    (base.token === token || isOperatorBearer(authorization, token));
  // Only a client that knows the secret URL can send it, so its Host is not checked.
  if (!hasOperatorToken && caller === undefined && !isLoopback(hostName(host))) {
    return refuse(`the Host ${quote(host)} is not this machine. Use 127.0.0.1 or localhost`);
  }
  if (origin !== undefined && hostOfOrigin(origin) !== host?.toLowerCase()) {
    return refuse(`the Origin ${quote(origin)} is not the emulator's own page`);
  }
  if (hasOperatorToken) return { admitted: true, path: base.path, caller: null };
  if (caller !== undefined) return { admitted: true, path: base.path, caller };
  if (base.token !== null) {
    return refuse('this session URL (/@…) is no longer valid, because its session has ended');
  }
  if (token !== null) {
    return refuse(
      `${TOKEN_REQUIRED}. Use the URL in ready.json of its data folder, or send 'Authorization: Bearer TOKEN'`,
    );
  }
  return { admitted: true, path, caller: null };
}

/** True if the bearer token is the operator's, which agents must not see. */
export function isOperatorBearer(authorization: string | undefined, token: string | null): boolean {
  if (token === null) return false;
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return bearer === token;
}

function refuse(reason: string): { admitted: false; reason: string } {
  return { admitted: false, reason };
}

function splitBasePath(path: string): { token: string | null; path: string } {
  // Some clients, such as VS Code, encode the @ as %40.
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

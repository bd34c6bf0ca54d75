import { isIP } from 'node:net';

/** Whether a request may come in, and if so where it goes and who sends it. */
export type Admission<Holder> =
  | { readonly admitted: true; readonly path: string; readonly holder: Holder | null }
  | { readonly admitted: false; readonly why: string };

/** What of a request decides about its admission. */
export interface Visitor {
  /** The raw path, query included. */
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/**
 * The doors: loopback is for this machine, and for sessions; the other is where containers come in,
 * at an address that others may reach too, so it is for sessions and nobody else.
 */
export type Door = 'loopback' | 'containers';

/** The rules of a door. */
export interface AdmissionRules<Holder> {
  readonly door: Door;
  /** The operator's token; where one is set, nobody comes in without it or a session's address. */
  readonly token: string | null;
  /** Who holds a session's address. */
  holderOf(token: string): Holder | undefined;
}

/**
 * Decides about one request. A web page anywhere can make a browser send requests to loopback, so
 * the Host must be this machine and an Origin must be our own page: that shuts out both foreign
 * pages and names that were rebound to 127.0.0.1.
 */
export function admit<Holder>(
  { path, host, origin, authorization }: Visitor,
  { door, token, holderOf }: AdmissionRules<Holder>,
): Admission<Holder> {
  const address = splitAddress(path);
  const holder = address.token === null ? undefined : holderOf(address.token);
  if (door === 'containers' && holder === undefined) {
    return refuse('only sessions in containers come in here, by their address (/@…)');
  }
  const byToken =
    door === 'loopback' &&
    token !== null &&
    (address.token === token || isOperatorsBearer(authorization, token));
  // Who knows a secret address has not been led here by a name that was bent.
  if (!byToken && holder === undefined && !isLoopback(hostName(host))) {
    return refuse(`the Host ${quote(host)} is not this machine; use 127.0.0.1 or localhost`);
  }
  if (origin !== undefined && hostOfOrigin(origin) !== host?.toLowerCase()) {
    return refuse(`the Origin ${quote(origin)} is not the emulator's own page`);
  }
  if (byToken) return { admitted: true, path: address.path, holder: null };
  if (holder !== undefined) return { admitted: true, path: address.path, holder };
  if (address.token !== null) {
    return refuse('this address (/@…) belongs to no live session; it ended with its session');
  }
  if (token !== null) {
    return refuse(
      "the emulator requires a token; use the URL in ready.json of its data folder, or send 'Authorization: Bearer TOKEN'",
    );
  }
  return { admitted: true, path, holder: null };
}

/** Whether a bearer is the emulator's own token: it has done its work then, and no agent is to see it. */
export function isOperatorsBearer(
  authorization: string | undefined,
  token: string | null,
): boolean {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return token !== null && bearer === token;
}

/** Whether a host name or address is this machine and nothing else. */
export function isLoopback(name: string): boolean {
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === 'localhost' || name === '::1' || name.endsWith('.localhost');
}

function refuse(why: string): { admitted: false; why: string } {
  return { admitted: false, why };
}

function splitAddress(path: string): { token: string | null; path: string } {
  // VS Code, and whoever else encodes what need not be, writes the @ as %40.
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

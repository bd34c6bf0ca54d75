import { randomBytes } from 'node:crypto';
import type { Caller } from '../caller.ts';

/** Issues each session its own base URL, which identifies it as the caller. */
export interface SessionUrls {
  /** Issues a URL below a base URL: `BASE/@TOKEN`. */
  issue(caller: Caller, baseUrl: string): SessionUrl;
  findCaller(token: string): Caller | undefined;
}

/** A session's base URL, valid until it is revoked. */
export interface SessionUrl {
  readonly url: string;
  revoke(): void;
}

/** Creates an emulator's session URLs. */
export function createSessionUrls(): SessionUrls {
  const callers = new Map<string, Caller>();
  return {
    issue(caller, baseUrl) {
      const token = randomBytes(18).toString('base64url');
      callers.set(token, caller);
      return { url: `${baseUrl}/@${token}`, revoke: () => void callers.delete(token) };
    },
    findCaller: (token) => callers.get(token),
  };
}

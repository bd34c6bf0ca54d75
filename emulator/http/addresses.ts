import { randomBytes } from 'node:crypto';

/** Session addresses: a base path of its own for each session, by which every call has a caller. */
export interface Addresses<Holder> {
  /** Gives the holder a token; its address is `URL/@TOKEN`. */
  issue(holder: Holder): string;
  revoke(token: string): void;
  holderOf(token: string): Holder | undefined;
}

/** An empty book of addresses. */
export function createAddresses<Holder>(): Addresses<Holder> {
  const holders = new Map<string, Holder>();
  return {
    issue(holder) {
      const token = randomBytes(18).toString('base64url');
      holders.set(token, holder);
      return token;
    },
    revoke: (token) => void holders.delete(token),
    holderOf: (token) => holders.get(token),
  };
}

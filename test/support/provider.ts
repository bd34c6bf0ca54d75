import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { onTestFinished } from 'vitest';

/** An identity provider that serves its discovery document and keys, and signs tokens. */
export interface TestProvider {
  readonly issuer: string;
  readonly discoveryUrl: string;
  /** Creates a token with these claims. It expires after five minutes unless `exp` is given. */
  token(claims?: JWTPayload): Promise<string>;
  /** Replaces the signing key; the old key is no longer published. */
  rotate(): Promise<void>;
  /** Replaces the published key document by the result of a function of the current key. */
  publish(keys: (own: JWK) => unknown): void;
  /** Returns the number of key requests. */
  keyRequestCount(): number;
}

/** Starts a provider on this machine. It ends with the test. */
export async function useProvider(): Promise<TestProvider> {
  let key: { readonly kid: string; readonly private: CryptoKey; readonly public: JWK };
  let rotations = 0;
  let asked = 0;
  let published = (own: JWK): unknown => ({ keys: [own] });
  async function rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const kid = `key-${(rotations += 1)}`;
    key = { kid, private: privateKey, public: { ...(await exportJWK(publicKey)), kid } };
  }
  await rotate();

  const server = createServer((request, response) => {
    if (request.url === '/keys') asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(
      request.url === '/keys'
        ? JSON.stringify(published(key.public))
        : JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }),
    );
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    rotate,
    publish(keys) {
      published = keys;
    },
    keyRequestCount: () => asked,
    token(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: issuer, exp: now + 300, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid })
        .sign(key.private);
    },
  };
}

/** Creates an AWS SDK middleware that sends a bearer token instead of a signature. */
export function bearerHeader(token: string) {
  return {
    applyToStack(stack: { addRelativeTo(middleware: never, options: object): void }): void {
      const send =
        (next: (args: object) => Promise<unknown>) =>
        (args: { request: { headers: Record<string, string> } }) => {
          args.request.headers['authorization'] = `Bearer ${token}`;
          return next(args);
        };
      stack.addRelativeTo(send as never, {
        relation: 'after',
        toMiddleware: 'httpSigningMiddleware',
        name: 'bearer',
        override: true,
      });
    },
  };
}

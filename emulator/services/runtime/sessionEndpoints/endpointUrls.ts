import { randomBytes } from 'node:crypto';
import type { SessionEndpoint } from '../../../../src/shared/session.ts';
import type { Session } from '../session.ts';

/** The session that a session endpoint addresses. */
export interface EndpointTarget {
  readonly agentRuntimeArn: string;
  readonly qualifier: string;
  readonly runtimeSessionId: string;
}

/** The parts of a request's URL at a session endpoint. */
export interface EndpointAddress {
  readonly token: string;
  /** The port of the session's machine; null for the port that the agent serves. */
  readonly port: number | null;
  /** The path for the machine, query included. */
  readonly path: string;
  /** The part of the path that names the endpoint; empty if the host names it. */
  readonly prefix: string;
}

/** The session endpoints of an emulator: an unguessable URL for each session. */
export interface EndpointUrls {
  /** Returns the URL of a session below a base URL: `BASE/~TOKEN`. */
  issue(session: Session, baseUrl: string): string;
  /** Returns the token of a running session. */
  tokenOf(session: Session): string;
  /** Returns the session of a token; undefined if the session has ended. */
  find(token: string): EndpointTarget | undefined;
}

const TOKEN = '[0-9a-f]{32}';
const IN_PATH = new RegExp(`^(/(?:~|%7e)(${TOKEN})(?:(?::|%3a)(\\d{1,5}))?)([/?].*)?$`, 'is');
const IN_HOST = new RegExp(`^(${TOKEN})(?:-(\\d{1,5}))?\\.localhost(?::\\d+)?$`, 'i');

/** Creates a registry without endpoints. */
export function createEndpointUrls(): EndpointUrls {
  const tokens = new Map<string, string>();
  const targets = new Map<string, EndpointTarget>();

  function createToken(key: string, session: Session): string {
    const token = randomBytes(16).toString('hex');
    tokens.set(key, token);
    const { agent, qualifier, id } = session;
    targets.set(token, { agentRuntimeArn: agent.arn, qualifier, runtimeSessionId: id });
    void session.terminated.then(() => {
      tokens.delete(key);
      targets.delete(token);
    });
    return token;
  }

  function tokenOf(session: Session): string {
    const key = [session.agent.id, session.id, session.run].join('\n');
    return tokens.get(key) ?? createToken(key, session);
  }

  return {
    issue: (session, baseUrl) => `${baseUrl}/~${tokenOf(session)}`,
    tokenOf,
    find: (token) => targets.get(token),
  };
}

/** Describes the session endpoint of a running session. As in AWS, only runtimes with allowedPorts have one. */
export function describeEndpoint(
  session: Session,
  { tokenOf }: Pick<EndpointUrls, 'tokenOf'>,
  verifiesSignatures: boolean,
): SessionEndpoint | null {
  const { allowedPorts = [], authorizer } = session.agent.source;
  if (allowedPorts.length === 0) return null;
  return {
    token: tokenOf(session),
    ports: allowedPorts,
    requiresCredentials: verifiesSignatures || Boolean(authorizer),
  };
}

/**
 * Reads the endpoint that a URL names, in its path (`/~TOKEN:PORT/…`) or in its host
 * (`TOKEN-PORT.localhost`). Returns null for all other URLs.
 */
export function readEndpointAddress(
  path: string,
  host: string | undefined,
): EndpointAddress | null {
  const inHost = host === undefined ? null : IN_HOST.exec(host);
  if (inHost) {
    const [, token = '', port] = inHost;
    return { token: token.toLowerCase(), port: toPort(port), path, prefix: '' };
  }
  const [, prefix = '', token = '', port, rest = '/'] = IN_PATH.exec(path) ?? [];
  if (token === '') return null;
  return {
    token: token.toLowerCase(),
    port: toPort(port),
    path: rest.startsWith('/') ? rest : `/${rest}`,
    prefix,
  };
}

function toPort(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

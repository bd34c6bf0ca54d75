import { randomBytes } from 'node:crypto';
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

  return {
    issue(session, baseUrl) {
      const key = [session.agent.id, session.id, session.run].join('\n');
      return `${baseUrl}/~${tokens.get(key) ?? createToken(key, session)}`;
    },
    find: (token) => targets.get(token),
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

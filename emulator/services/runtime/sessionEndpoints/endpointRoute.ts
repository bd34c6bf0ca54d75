import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLIENT_CLOSED } from '../../../../src/shared/session.ts';
import type { ActivityEmitter } from '../../../activity.ts';
import type { Clock } from '../../../clock.ts';
import { respondToUpgrade } from '../../../http/port.ts';
import type { SecretUrlRoute } from '../../../http/route.ts';
import { includesPort } from '../../../../src/shared/portRange.ts';
import { startSpan, traceParentOf } from '../../../span.ts';
import { bearerAsHeader, readCredential } from '../../../wire/credential.ts';
import { UNSIGNED_PAYLOAD } from '../../../wire/canonicalRequest.ts';
import { accessDenied, invalid, notFound } from '../../../wire/errors.ts';
import { agentCode } from '../agents.ts';
import type { Access } from '../authorizers/access.ts';
import type { RuntimeSessions } from '../runtimeSessions.ts';
import type { Session } from '../session.ts';
import { ServerUnreachable, writeEndpointError } from './endpointErrors.ts';
import { headersToServer, withoutSignature } from './endpointHeaders.ts';
import { readEndpointAddress, type EndpointAddress, type EndpointUrls } from './endpointUrls.ts';
import { connectWebSocket, forwardRequest, type ServerRequest } from './serverConnection.ts';

/** IAM's action for requests to session endpoints. */
const ACTION = 'InvokeAgentRuntimeProxy';

/** Bytes of a body whose signed hash is verified. Other bodies are streamed and have no limit. */
const MAX_SIGNED_BYTES = 100 * 1024 * 1024;

/**
 * Creates the route of session endpoints: it authorizes each request like an invocation and forwards
 * it to a port of the session's machine. A request counts as activity of the session.
 */
export function createSessionEndpointRoute({
  access,
  sessions,
  urls,
  clock,
  activity,
  verifiesSignatures,
}: {
  access: Access;
  sessions: RuntimeSessions;
  urls: EndpointUrls;
  clock: Clock;
  activity: Pick<ActivityEmitter, 'emit'>;
  verifiesSignatures: boolean;
}): SecretUrlRoute {
  async function authorize(
    { method = '', url: target = '', headers }: IncomingMessage,
    { token, port: requested }: EndpointAddress,
    body: Buffer,
  ): Promise<{ readonly session: Session; readonly port: number }> {
    const addressed = urls.find(token);
    if (!addressed) {
      throw notFound(
        'No running session has this session endpoint. Invoke the agent again, and use the URL in its response.',
      );
    }
    const request = { method, target, headers, body, caller: null };
    const endpoint = await access.admit(addressed, request, ACTION);
    const session = sessions.requireRunning(endpoint, addressed.runtimeSessionId);
    const { contractPort } = agentCode(session.agent);
    const { allowedPorts = [] } = session.agent.source;
    const port = requested ?? contractPort;
    if (port !== contractPort && !includesPort(allowedPorts, port)) {
      throw accessDenied(`Port ${port} is not in the allowedPorts of ${session.agent.id}.`);
    }
    return { session, port };
  }

  /** Serves a request that was authorized, and counts it. Returns the status of the response. */
  async function serve(
    request: IncomingMessage,
    { address, session, port }: { address: EndpointAddress; session: Session; port: number },
    requestId: string,
    forward: (serverRequest: ServerRequest) => Promise<number>,
  ): Promise<number> {
    session.beginRequest({ requestId, traceParent: traceParentOf(request.headers) });
    const line = `${request.method} ${address.path.split('?')[0]} on port ${port}`;
    let outcome = `${line}: no response`;
    try {
      const realPort = await session.instance.findPort(port);
      if (realPort === null) {
        throw new ServerUnreachable(
          `Nothing listens on port ${port} of the session. In a process, only Node and Python programs have a port per session. Run others in a container.`,
        );
      }
      const { prefix } = address;
      const status = await forward({
        realPort,
        port,
        prefix,
        path: withoutSignature(address.path),
        headers: headersToServer(bearerAsHeader(request.headers), {
          source: session.agent.source,
          port,
          prefix,
        }),
      });
      outcome = `${line}: status ${status}`;
      return status;
    } finally {
      session.finishRequest(requestId, outcome);
    }
  }

  async function measure(
    { headers }: IncomingMessage,
    work: (requestId: string) => Promise<number>,
  ): Promise<void> {
    const requestId = randomUUID();
    const endSpan = startSpan({ requestId, headers, caller: null }, clock);
    const status = await work(requestId);
    activity.emit({ type: 'span', span: endSpan(ACTION, status) });
  }

  return {
    matches: ({ path }, host) => readEndpointAddress(path, host) !== null,
    async handle(request, response) {
      const address = addressOf(request);
      await measure(request, async (requestId) => {
        try {
          const body =
            verifiesSignatures && hasSignedBody(request) ? await readSignedBody(request) : null;
          const authorized = await authorize(request, address, body ?? Buffer.alloc(0));
          if (response.destroyed) return CLIENT_CLOSED;
          return await serve(request, { address, ...authorized }, requestId, (toServer) =>
            forwardRequest(request, response, body, toServer),
          );
        } catch (error) {
          return refuse(request, response, error);
        }
      });
    },
    async upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const address = addressOf(request);
      await measure(request, async (requestId) => {
        try {
          const authorized = await authorize(request, address, Buffer.alloc(0));
          if (socket.destroyed) return CLIENT_CLOSED;
          return await serve(request, { address, ...authorized }, requestId, (toServer) =>
            connectWebSocket(request, socket, head, toServer),
          );
        } catch (error) {
          if (socket.destroyed) return CLIENT_CLOSED;
          return refuse(request, respondToUpgrade(request, socket), error);
        }
      });
    },
  };
}

function addressOf({ url = '/', headers }: IncomingMessage): EndpointAddress {
  return readEndpointAddress(url, headers[':authority']?.toString() ?? headers.host)!;
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): number {
  if (response.destroyed) return CLIENT_CLOSED;
  request.resume();
  return writeEndpointError(response, error);
}

function hasSignedBody({ headers, url = '' }: IncomingMessage): boolean {
  const { kind } = readCredential({ headers, target: url });
  return kind === 'signature' && headers['x-amz-content-sha256'] !== UNSIGNED_PAYLOAD;
}

async function readSignedBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_SIGNED_BYTES) {
      throw invalid(
        `The body is larger than ${MAX_SIGNED_BYTES} bytes, the limit for signed bodies. Sign it as ${UNSIGNED_PAYLOAD}.`,
      );
    }
  }
  return Buffer.concat(chunks);
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Console } from './admin/console.ts';
import type { PageDoor } from './admin/page.ts';
import { admit, isOperatorsBearer, type Admission, type Door } from './http/admission.ts';
import type { PortListeners } from './http/port.ts';
import type { Logger } from './log.ts';
import type { Access } from './services/runtime/authorizers/access.ts';
import type { PingDoor } from './services/runtime/pingDoor.ts';
import type { WebSockets } from './services/runtime/webSocket.ts';
import { accessDenied, notFound, WireError } from './wire/errors.ts';
import { cutOff, writeDocument, writeError } from './wire/response.ts';
import type { RequestLine, Wire } from './wire/wire.ts';

/** Where requests go once they are in. */
export interface Destinations<Caller> {
  readonly console: Console;
  /** What is served at `/`, if anything. */
  readonly page: PageDoor | undefined;
  readonly wire: Wire<Caller | null>;
  readonly webSockets: WebSockets;
  readonly pingDoor: PingDoor;
  /** What is known of an agent without being let in to it. */
  readonly access: Pick<Access, 'resourceMetadata'>;
  /** Leads what the clients of agents' protocols ask to the operation that it is. */
  lead(line: RequestLine): RequestLine;
  /** The id of the runtime that `POST /invocations` reaches, if there is one. */
  readonly defaultRuntime: () => string | undefined;
  readonly token: string | null;
  readonly logger: Logger;
  holderOf(address: string): Caller | undefined;
}

/**
 * The way of every request: who is it, then the admin API, the page or AWS's wire. What a session
 * sends by its address never reaches the first two.
 */
export function createReception<Caller>(
  destinations: Destinations<Caller>,
): (door: Door) => PortListeners {
  const { console, page, wire, webSockets, pingDoor, access, lead } = destinations;
  const { defaultRuntime, token, logger, holderOf } = destinations;

  /** What cannot be answered at all is broken off; it is no reason for the emulator to end. */
  function carry(work: Promise<void>, breakOff: () => void): void {
    work.catch((error: Error) => {
      logger.error(`a request is broken off, as it cannot be answered: ${error.stack}`);
      breakOff();
    });
  }

  function whoIs(door: Door, { url = '/', headers }: IncomingMessage): Admission<Caller> {
    const admission = admit(
      {
        path: url,
        host: headers[':authority']?.toString() ?? headers.host,
        origin: headers.origin,
        authorization: headers.authorization,
      },
      { door, token, holderOf },
    );
    // From here on the header says who calls an agent.
    if (isOperatorsBearer(headers.authorization, token)) delete headers.authorization;
    return admission;
  }

  function describeResource(
    { method, headers, url: target = '/' }: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): boolean {
    if (method !== 'GET') return false;
    try {
      const metadata = access.resourceMetadata(path, { headers, target });
      if (metadata) writeDocument(metadata, response, randomUUID());
      return metadata !== undefined;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      writeError(error, response, randomUUID());
      return true;
    }
  }

  function ping(request: IncomingMessage, response: ServerResponse): void {
    const id = defaultRuntime();
    if (id !== undefined) {
      return carry(pingDoor.answer(id, request, response), () => cutOff(response));
    }
    writeError(notFound('There is no agent here yet that could be asked'), response, randomUUID());
  }

  // What curl users and the SDK's own dev server call; AWS's wire has it as an operation.
  function runtimePath(path: string): string {
    if (!/^\/(?:invocations|ws)(?:[/?]|$)/.test(path)) return path;
    const id = defaultRuntime();
    return id === undefined ? path : `/runtimes/${id}${path}`;
  }

  return (door) => ({
    onRequest(request: IncomingMessage, response: ServerResponse) {
      const admission = whoIs(door, request);
      if (!admission.admitted) {
        request.resume();
        return writeError(accessDenied(admission.why), response, randomUUID());
      }
      const { path, holder } = admission;
      if (holder === null && path.startsWith('/_emulator/'))
        console.handle(request, response, path);
      else if (holder === null && page?.has(path)) {
        carry(page.serve(request, response, path), () => cutOff(response));
      } else if (holder === null && isPing(request.method, path)) ping(request, response);
      else if (!describeResource(request, response, runtimePath(path))) {
        const line = lead({ method: request.method ?? '', path: runtimePath(path) });
        carry(wire.handle(request, response, line, holder), () => cutOff(response));
      }
    },
    onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const admission = whoIs(door, request);
      if (!admission.admitted) return false;
      const path = runtimePath(admission.path);
      if (admission.holder === null && page?.hasSocket(path)) {
        carry(page.upgrade(request, socket, head, path), () => socket.destroy());
      } else if (webSockets.has(path)) {
        const way = { path, caller: admission.holder };
        carry(webSockets.connect(request, socket, head, way), () => socket.destroy());
      } else return false;
      return true;
    },
  });
}

function isPing(method: string | undefined, path: string): boolean {
  return method === 'GET' && /^\/ping(?:\?|$)/.test(path);
}

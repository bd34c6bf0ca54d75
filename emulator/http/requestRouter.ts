import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../caller.ts';
import type { Logger } from '../log.ts';
import { accessDenied, WireError } from '../wire/errors.ts';
import { abortResponse, writeError } from '../wire/response.ts';
import type { Wire } from '../wire/wire.ts';
import { admit, isOperatorBearer, type Admission, type ListenerKind } from './admission.ts';
import type { RequestListeners } from './port.ts';
import type { RequestLine, Route, RoutedRequest, SecretUrlRoute } from './route.ts';

/** Dependencies of the request router. */
export interface RequestRouterDependencies {
  /** Routes that come before admission. */
  readonly secretUrlRoutes: readonly SecretUrlRoute[];
  /** In order of precedence. Other requests go to the wire. */
  readonly routes: readonly Route[];
  readonly wire: Wire;
  /** Maps requests that SDKs do not send to the operations that serve them. */
  readonly rewrite: (line: RequestLine) => RequestLine;
  readonly token: string | null;
  readonly findCaller: (sessionToken: string) => Caller | undefined;
  readonly logger: Logger;
}

/** Routes each admitted request to the first matching route, or to AWS's wire. */
export function createRequestRouter({
  secretUrlRoutes,
  routes,
  wire,
  rewrite,
  token,
  findCaller,
  logger,
}: RequestRouterDependencies): (listener: ListenerKind) => RequestListeners {
  const handled = routes.filter((route) => route.handle);
  const upgraded = routes.filter((route) => route.upgrade);

  function findSecretUrlRoute({ method = '', url = '/', headers }: IncomingMessage) {
    const route = secretUrlRoutes.find((each) =>
      each.matches({ method, path: url }, host(headers)),
    );
    if (route && isOperatorBearer(headers.authorization, token)) delete headers.authorization;
    return route;
  }

  function admitRequest(
    listener: ListenerKind,
    { url = '/', headers }: IncomingMessage,
  ): Admission {
    const admission = admit(
      {
        path: url,
        host: host(headers),
        origin: headers.origin,
        authorization: headers.authorization,
      },
      { listener, token, findCaller },
    );
    // Agents must not receive the operator's token.
    if (isOperatorBearer(headers.authorization, token)) delete headers.authorization;
    return admission;
  }

  function routedRequest(
    { method = '' }: IncomingMessage,
    { path, caller }: Extract<Admission, { admitted: true }>,
  ): RoutedRequest {
    return { ...rewrite({ method, path }), caller };
  }

  async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    routed: RoutedRequest,
  ): Promise<void> {
    const route = firstMatch(handled, routed);
    if (!route) return wire.handle(request, response, routed, routed.caller);
    try {
      await route.handle!(request, response, routed);
    } catch (error) {
      if (!(error instanceof WireError) || response.headersSent) throw error;
      writeError(error, response, randomUUID());
    }
  }

  /** Aborts a request after an unexpected error. The emulator keeps serving. */
  function abortOnError(work: Promise<void>, abort: () => void): void {
    work.catch((error: Error) => {
      logger.error(`A request was aborted because of an error: ${error.stack}`);
      abort();
    });
  }

  return (listener) => ({
    onRequest(request, response) {
      const secret = findSecretUrlRoute(request);
      if (secret) {
        abortOnError(secret.handle(request, response), () => abortResponse(response));
        return;
      }
      const admission = admitRequest(listener, request);
      if (!admission.admitted) {
        request.resume();
        writeError(accessDenied(admission.reason), response, randomUUID());
        return;
      }
      const responded = respond(request, response, routedRequest(request, admission));
      abortOnError(responded, () => abortResponse(response));
    },
    onUpgrade(request, socket, head) {
      const secret = findSecretUrlRoute(request);
      if (secret) {
        abortOnError(secret.upgrade(request, socket, head), () => socket.destroy());
        return true;
      }
      const admission = admitRequest(listener, request);
      if (!admission.admitted) return false;
      const routed = routedRequest(request, admission);
      const route = firstMatch(upgraded, routed);
      if (!route) return false;
      abortOnError(route.upgrade!(request, socket, head, routed), () => socket.destroy());
      return true;
    },
  });
}

function host(headers: IncomingMessage['headers']): string | undefined {
  return headers[':authority']?.toString() ?? headers.host;
}

function firstMatch(routes: readonly Route[], routed: RoutedRequest): Route | undefined {
  return routes.find(
    (route) => !(route.operatorOnly && routed.caller !== null) && route.matches(routed),
  );
}

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type {
  InvokeAgentRuntimeRequest,
  InvokeAgentRuntimeResponse,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../clock.ts';
import type { OnDisconnect } from '../../options.ts';
import { agentFailed } from '../../wire/errors.ts';
import type { StreamingBody } from '../../wire/streamingBody.ts';
import type { Call } from '../../wire/handlers.ts';
import { headersToAgent } from './agentHeaders.ts';
import type { Access } from './authorizers/access.ts';
import {
  readTextPrefix,
  sendRequest,
  type AgentRequest,
  type AgentRequestController,
  type AgentResponse,
} from './agentConnection.ts';
import { createEventMeter } from './eventMeter.ts';
import { startRequestDeadline } from './requestDeadline.ts';
import { explainMissingResponse } from './missingResponse.ts';
import type { Protocol } from './protocols/protocol.ts';
import { protocols } from './protocols/protocols.ts';
import type { Quotas } from '../../quotas.ts';
import type { Session } from './session.ts';
import type { EndpointUrls } from './sessionEndpoints/endpointUrls.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';

/** The operation's input as the wire parses it. */
type Input = Omit<InvokeAgentRuntimeRequest, 'payload'> & { readonly payload: Buffer };

/** The operation's output as the wire serializes it. The agent's body is streamed. */
type Output = Omit<InvokeAgentRuntimeResponse, 'response'> & {
  readonly response: StreamingBody;
  readonly sessionEndpointUrl: string | undefined;
};

/** Limit on the part of an agent's error response that is quoted to the caller. */
const MAX_QUOTED_BYTES = 8_192;

const LONG_WORK_ADVICE =
  'Run longer work in the background, and return HealthyBusy from /ping during it.';

/** InvokeAgentRuntime: sends the payload to the session's agent and returns its response unchanged. */
export function createInvoke({
  access,
  sessions,
  clock,
  limits,
  onDisconnect,
  endpointUrls,
  localUrl,
}: {
  access: Access;
  sessions: RuntimeSessions;
  clock: Clock;
  limits: Quotas;
  onDisconnect: OnDisconnect;
  endpointUrls: Pick<EndpointUrls, 'issue'>;
  localUrl: string;
}) {
  const resolvers = new Map(
    Object.values(protocols).map((protocol) => [protocol, protocol.createSessionResolver()]),
  );
  return async (input: Input, call: Call): Promise<Output> => {
    const endpoint = await access.admit(input, call, 'InvokeAgentRuntime');
    const { agent } = endpoint;
    const protocol = protocols[agent.source.protocol];
    const resolved = resolvers.get(protocol)!.resolve({
      runtimeId: agent.id,
      method: call.method,
      headers: call.headers,
      runtimeSessionId: input.runtimeSessionId,
      mcpSessionId: input.mcpSessionId,
      payload: input.payload,
    });
    const since = clock.now();
    let outgoing: AgentRequestController | undefined;
    let answer: AgentResponse | undefined;
    let stopped: Error | undefined;
    function stop(reason: string): void {
      stopped = new Error(reason);
      if (answer) answer.destroy(stopped);
      else outgoing?.abort(stopped);
    }
    // GET (listen) and DELETE (end) neither start a session nor continue without their caller.
    const isInvocation = call.method === 'POST';
    const disconnectMode = isInvocation ? onDisconnect : 'abort';
    // Register before the session starts, because callers may disconnect meanwhile.
    if (disconnectMode === 'abort') call.onDisconnected(() => stop('the caller disconnected'));
    const session = isInvocation
      ? await sessions.acquire(endpoint, resolved.sessionId, call)
      : sessions.acquireRunning(endpoint, resolved.sessionId, call);
    const deadline = startRequestDeadline({
      clock,
      since,
      session,
      requestId: call.requestId,
      stop,
    });
    deadline.setLimit(limits.request, 'a request');

    try {
      answer = await sendRequest(session.connection(), {
        onStart(controller) {
          outgoing = controller;
          if (stopped) controller.abort(stopped);
        },
        // The wire and the protocol handlers reject all other methods.
        method: call.method as AgentRequest['method'],
        path: agent.source.path ?? protocol.path,
        headers: {
          ...headersToAgent(call.headers, session, call.requestId),
          ...resolved.headers,
        },
        body: input.payload,
      });
    } catch (error) {
      deadline.finish(`No response: ${(error as Error).message}`);
      const reason = deadline.reason();
      if (reason !== null) {
        throw agentFailed(`The agent did not respond: ${reason}. ${LONG_WORK_ADVICE}`);
      }
      throw await explainMissingResponse(session, error);
    }

    const { status } = answer;
    if (isInvocation && (status < 200 || status > 299)) {
      const body = await readTextPrefix(answer, MAX_QUOTED_BYTES).catch(() => '');
      deadline.finish(`The agent returned status ${status}`);
      throw agentFailed(explainFailure(status, body, call.headers));
    }
    answer.on('close', () => {
      deadline.finish(
        answer.readableEnded ? `Completed with status ${status}` : 'The response broke off',
      );
    });
    const contentType = joinHeader(answer.headers['content-type']) ?? 'application/octet-stream';
    const isStream = contentType.startsWith('text/event-stream');
    if (isStream) deadline.setLimit(limits.stream, 'a stream');
    return {
      statusCode: status,
      runtimeSessionId: session.id,
      sessionEndpointUrl: hasEndpoint(session)
        ? endpointUrls.issue(session, findBaseUrl(call.headers, localUrl))
        : undefined,
      contentType,
      mcpSessionId: resolved.mcpSessionId(joinHeader(answer.headers['mcp-session-id'])),
      mcpProtocolVersion: joinHeader(answer.headers['mcp-protocol-version']),
      traceId: joinHeader(answer.headers['x-amzn-trace-id']) ?? input.traceId,
      traceParent: joinHeader(answer.headers['traceparent']) ?? input.traceParent,
      traceState: joinHeader(answer.headers['tracestate']) ?? input.traceState,
      baggage: joinHeader(answer.headers['baggage']) ?? input.baggage,
      response: {
        stream: answer,
        headers: framingHeaders(answer),
        observe: isStream
          ? createEventMeter(limits.chunk, () => {
              void deadline.cancelRequest(
                `exceeded AgentCore's limit of ${limits.chunk} bytes for an event of a stream`,
              );
            })
          : undefined,
        abandoned: () => handleDisconnect(session, call.requestId, answer, disconnectMode),
        lastEvent: isStream
          ? createLastEvent(protocol, async () => {
              const reason = deadline.reason();
              return reason === null ? session.explainEnd() : `The request ${reason}.`;
            })
          : undefined,
      },
    };
  };
}

// As in AWS, only runtimes with allowedPorts have session endpoints.
function hasEndpoint({ agent }: Session): boolean {
  return (agent.source.allowedPorts ?? []).length > 0;
}

/** The emulator's URL under the host by which the caller reached it. */
function findBaseUrl(headers: IncomingHttpHeaders, localUrl: string): string {
  const host = headers[':authority']?.toString() ?? headers.host;
  return host === undefined ? localUrl : `http://${host}`;
}

function framingHeaders({ headers }: AgentResponse): OutgoingHttpHeaders {
  const framing: OutgoingHttpHeaders = {};
  for (const name of ['content-length', 'content-encoding'] as const) {
    if (headers[name] !== undefined) framing[name] = headers[name];
  }
  return framing;
}

/** The event that ends an interrupted stream with the reason, if the protocol has one. */
function createLastEvent(
  { formatStreamError }: Protocol,
  reason: () => Promise<string>,
): StreamingBody['lastEvent'] {
  return (
    formatStreamError &&
    (async () => formatStreamError(agentFailed(`The response broke off. ${await reason()}`)))
  );
}

function joinHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

function handleDisconnect(
  session: Session,
  requestId: string,
  answer: AgentResponse,
  onDisconnect: OnDisconnect,
): void {
  if (answer.readableEnded || answer.destroyed) return;
  session.record({
    type: 'note',
    message: `The caller of request ${requestId} disconnected. The invocation ${onDisconnect === 'continue' ? 'continues' : 'is aborted'}.`,
  });
  // Drain the response, or the agent would block on a full connection.
  if (onDisconnect === 'continue') answer.resume();
  else answer.destroy();
}

/** Extends AWS's message with the agent's response and advice for the developer. */
function explainFailure(status: number, body: string, headers: IncomingHttpHeaders): string {
  const received = `Received error (${status}) from runtime. Please check your CloudWatch logs for more information.`;
  const quoted = body === '' ? ' The response had no body.' : ` The agent returned: ${body}`;
  const sent = headers['content-type'];
  if (status === 415 && sent !== 'application/json') {
    const problem = sent === undefined ? 'had no Content-Type' : `had Content-Type ${sent}`;
    return `${received} The request ${problem}, which this agent does not accept. Add the header content-type: application/json. With an SDK, pass contentType: 'application/json' to InvokeAgentRuntime, because SDKs do not set it by default.${quoted}`;
  }
  if (status === 406 && !headers.accept?.includes('text/event-stream')) {
    return `${received} The agent streams its response, but the request does not accept a stream. Add the header accept: application/json, text/event-stream. With an SDK, pass it as accept to InvokeAgentRuntime.${quoted}`;
  }
  return received + quoted;
}

import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
} from 'node:http';
import type {
  InvokeAgentRuntimeRequest,
  InvokeAgentRuntimeResponse,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../clock.ts';
import { agentFailed } from '../../wire/errors.ts';
import type { StreamingBody } from '../../wire/streamingBody.ts';
import type { Call } from '../../wire/handlers.ts';
import { headersToAgent } from './agentHeaders.ts';
import type { Access } from './authorizers/access.ts';
import { readTextPrefix, sendRequest, type AgentRequest } from './agentConnection.ts';
import { createEventMeter } from './eventMeter.ts';
import { startRequestDeadline } from './requestDeadline.ts';
import { explainMissingResponse } from './missingResponse.ts';
import type { Protocol } from './protocols/protocol.ts';
import { protocols } from './protocols/protocols.ts';
import type { Quotas } from './quotas.ts';
import type { Session } from './session.ts';
import type { RuntimeSessions } from './runtimeSessions.ts';

/** What becomes of an invocation whose caller goes away: in AWS it runs on. */
export type OnDisconnect = 'continue' | 'abort';

/** The operation's input as the wire reads it. */
type Input = Omit<InvokeAgentRuntimeRequest, 'payload'> & { readonly payload: Buffer };

/** The operation's output as the wire writes it: the agent's body as it comes. */
type Output = Omit<InvokeAgentRuntimeResponse, 'response'> & { readonly response: StreamingBody };

/** How much of an agent's error is quoted to the caller. */
const MAX_QUOTED_BYTES = 8_192;

const LONG_WORK_ADVICE =
  'Work that takes longer is done in the background, by an agent whose ping says HealthyBusy.';

/** InvokeAgentRuntime: one prompt into the session's own machine, and its answer back unchanged. */
export function createInvoke({
  access,
  sessions,
  clock,
  limits,
  onDisconnect,
}: {
  access: Access;
  sessions: RuntimeSessions;
  clock: Clock;
  limits: Quotas;
  onDisconnect: OnDisconnect;
}) {
  const resolvers = new Map(
    Object.values(protocols).map((protocol) => [protocol, protocol.createSessionResolver()]),
  );
  return async (input: Input, call: Call): Promise<Output> => {
    const endpoint = await access.admit(input, call, 'InvokeAgentRuntime');
    const { agent } = endpoint;
    const protocol = protocols[agent.source.protocol];
    const entry = resolvers.get(protocol)!.resolve({
      runtimeId: agent.id,
      method: call.method,
      headers: call.headers,
      runtimeSessionId: input.runtimeSessionId,
      mcpSessionId: input.mcpSessionId,
      payload: input.payload,
    });
    const since = clock.now();
    let outgoing: ClientRequest | undefined;
    let answer: IncomingMessage | undefined;
    let stopped: Error | undefined;
    function stop(why: string): void {
      stopped = new Error(why);
      (answer ?? outgoing)?.destroy(stopped);
    }
    // Who only listens, or ends what there is, starts no session, and has no use for it afterwards.
    const invokes = call.method === 'POST';
    const afterLeaving = invokes ? onDisconnect : 'abort';
    // Before the session starts, as callers leave while it does.
    if (afterLeaving === 'abort') call.onDisconnected(() => stop('the caller went away'));
    const session = invokes
      ? await sessions.acquire(endpoint, entry.sessionId, call.requestId)
      : sessions.acquireRunning(endpoint, entry.sessionId, call.requestId);
    const flight = startRequestDeadline({ clock, since, session, requestId: call.requestId, stop });
    flight.setLimit(limits.request, 'a request');

    try {
      answer = await sendRequest(session.connection(), {
        onRequest(request) {
          outgoing = request;
          if (stopped) request.destroy(stopped);
        },
        // The wire and the protocols' doors let no other in.
        method: call.method as AgentRequest['method'],
        path: protocol.path,
        headers: {
          ...headersToAgent(call.headers, session, call.requestId),
          ...entry.headers,
          'content-length': input.payload.length,
        },
        body: input.payload,
      });
    } catch (error) {
      flight.finish(`no answer: ${(error as Error).message}`);
      const why = flight.reason();
      if (why !== null) throw agentFailed(`The agent gave no answer: ${why}. ${LONG_WORK_ADVICE}`);
      throw await explainMissingResponse(session, error);
    }

    const status = answer.statusCode ?? 0;
    if (invokes && (status < 200 || status > 299)) {
      const body = await readTextPrefix(answer, MAX_QUOTED_BYTES).catch(() => '');
      flight.finish(`the agent answered ${status}`);
      throw agentFailed(explainFailure(status, body, call.headers));
    }
    answer.once('close', () => {
      flight.finish(answer.readableEnded ? `answered ${status}` : 'the answer broke off');
    });
    const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false;
    if (isStream) flight.setLimit(limits.stream, 'a stream');
    return {
      statusCode: status,
      runtimeSessionId: session.id,
      contentType: answer.headers['content-type'] ?? 'application/octet-stream',
      mcpSessionId: entry.mcpSessionId(joinHeader(answer.headers['mcp-session-id'])),
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
              void flight.cancel(
                `an event of the stream is longer than AgentCore's ${limits.chunk} bytes`,
              );
            })
          : undefined,
        abandoned: () => handleDisconnect(session, call.requestId, answer, afterLeaving),
        lastEvent: isStream
          ? createLastEvent(protocol, async () => flight.reason() ?? session.explainEnd())
          : undefined,
      },
    };
  };
}

function framingHeaders({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {};
  for (const name of ['content-length', 'content-encoding'] as const) {
    if (headers[name] !== undefined) kept[name] = headers[name];
  }
  return kept;
}

/** Where the protocol has an event for it, a stream of events that breaks off ends with the reason. */
function createLastEvent(
  { breakOff }: Protocol,
  reason: () => Promise<string>,
): StreamingBody['lastEvent'] {
  return breakOff && (async () => breakOff(agentFailed(`The answer broke off: ${await reason()}`)));
}

function joinHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

function handleDisconnect(
  session: Session,
  requestId: string,
  answer: IncomingMessage,
  onDisconnect: OnDisconnect,
): void {
  if (answer.readableEnded || answer.destroyed) return;
  session.record({
    type: 'note',
    message: `the caller of request ${requestId} went away; the invocation ${onDisconnect === 'continue' ? 'runs on' : 'is aborted'}`,
  });
  // Read on, or the agent would stop at a full connection that nobody empties.
  if (onDisconnect === 'continue') answer.resume();
  else answer.destroy();
}

/** Says what AWS says, and what a developer needs besides. */
function explainFailure(status: number, body: string, headers: IncomingHttpHeaders): string {
  const received = `Received error (${status}) from runtime.`;
  const quoted = body === '' ? ' It had no body.' : ` The agent answered: ${body}`;
  const sent = headers['content-type'];
  if (status === 415 && sent !== 'application/json') {
    const came = sent === undefined ? 'without a Content-Type' : `with Content-Type ${sent}`;
    return `${received} The request came ${came}, which this agent does not take. Pass contentType: 'application/json' to InvokeAgentRuntime; the SDKs do not set it by themselves.${quoted}`;
  }
  if (status === 406 && !headers.accept?.includes('text/event-stream')) {
    return `${received} The agent streams its answer and the request does not accept a stream. Pass accept: 'application/json, text/event-stream' to InvokeAgentRuntime.${quoted}`;
  }
  return received + quoted;
}

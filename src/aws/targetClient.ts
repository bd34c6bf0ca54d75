import {
  BedrockAgentCoreClient,
  GetAgentCardCommand,
  InvokeAgentRuntimeCommand,
  StopRuntimeSessionCommand,
  type BedrockAgentCoreClientConfig,
} from '@aws-sdk/client-bedrock-agentcore';
import type { WebSocket } from 'ws';
import type { TargetOperations } from '../core/agents/invocation.ts';
import { authorizeBy, sayPlainly, type SdkRequest, type SdkResponse } from './wireForms.ts';

/** A runtime and who may call it. A local one differs by its endpoint and credentials alone. */
export interface Target {
  /** Where there is none, it is AWS itself. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Where there are none, they are found as the SDK does. */
  readonly credentials?: BedrockAgentCoreClientConfig['credentials'];
  /** Whose credentials those are; where there is none, the environment's come first. */
  readonly profile?: string | undefined;
  readonly runtimeArn: string;
  /** The endpoint's name; AWS takes DEFAULT where there is none. */
  readonly qualifier?: string | undefined;
  /** The token to send instead of a signature, if there is one by then. */
  readonly bearer?: () => string | undefined;
}

/** The AWS SDK's client for one target. */
export interface TargetClient extends TargetOperations {
  /** Ends a session and all that runs in it; rejects with the service's own error. */
  stopSession(sessionId: string): Promise<void>;
  destroy(): void;
}

/** Which need not cover what is put in then, so that a token can take its place. */
const AFTER_THE_SIGNATURE = { step: 'finalizeRequest', priority: 'low' } as const;

/** The connection was closed in mid-answer. */
class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

/** A client that is told no more than a target. */
export function createTargetClient(target: Target): TargetClient {
  const { endpoint, region, credentials, profile, runtimeArn, qualifier, bearer } = target;
  const client = new BedrockAgentCoreClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(profile !== undefined && { profile }),
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const token = bearer?.();
      if (token !== undefined) authorizeBy(token, args.request as SdkRequest);
      return next(args);
    },
    AFTER_THE_SIGNATURE,
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      await sayPlainly(result.response as SdkResponse);
      return result;
    },
    // Before the SDK itself reads it.
    { step: 'deserialize', priority: 'low' },
  );
  const sockets = new Set<WebSocket>();
  return {
    async invoke({ sessionId, payload, userId, headers = {}, mcp, onSent }, signal) {
      const command = new InvokeAgentRuntimeCommand({
        agentRuntimeArn: runtimeArn,
        qualifier,
        runtimeSessionId: sessionId,
        runtimeUserId: userId,
        // The SDK names no types by itself, and the agents' SDKs refuse a prompt without them.
        contentType: 'application/json',
        accept: 'application/json, text/event-stream',
        payload,
        mcpSessionId: mcp?.sessionId,
        mcpProtocolVersion: mcp?.protocolVersion,
      });
      command.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as SdkRequest;
          Object.assign(request.headers, headers);
          onSent?.({ headers: request.headers, payload });
          return next(args);
        },
        AFTER_THE_SIGNATURE,
      );
      const { response, contentType, mcpSessionId } = await client.send(command, {
        abortSignal: signal,
      });
      return {
        contentType: contentType ?? '',
        mcpSessionId,
        // In Node the SDK's stream is a readable one.
        body: readBody(response as unknown as AsyncIterable<Uint8Array>),
      };
    },
    async openSocket({ sessionId, userId }, signal) {
      const { asAgentSocket, openAgentSocket } = await import('./agentSocket.ts');
      const invocation = new InvokeAgentRuntimeCommand({
        agentRuntimeArn: runtimeArn,
        qualifier,
        runtimeSessionId: sessionId,
        runtimeUserId: userId,
        payload: '',
      });
      const socket = await openAgentSocket(client, invocation, signal);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return asAgentSocket(socket);
    },
    async stopSession(runtimeSessionId) {
      await client.send(
        new StopRuntimeSessionCommand({ agentRuntimeArn: runtimeArn, qualifier, runtimeSessionId }),
      );
    },
    async agentCard(runtimeSessionId, signal) {
      const { agentCard } = await client.send(
        new GetAgentCardCommand({ agentRuntimeArn: runtimeArn, qualifier, runtimeSessionId }),
        { abortSignal: signal },
      );
      return agentCard;
    },
    destroy() {
      for (const socket of sockets) socket.terminate();
      client.destroy();
    },
  };
}

async function* readBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new BrokenAnswer(
      `The answer broke off (${(error as Error).message}). The agent ended, or its session did; the session's log and timeline say why.`,
      { cause: error },
    );
  }
}

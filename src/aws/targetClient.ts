import {
  BedrockAgentCoreClient,
  GetAgentCardCommand,
  InvokeAgentRuntimeCommand,
  StopRuntimeSessionCommand,
  type BedrockAgentCoreClientConfig,
} from '@aws-sdk/client-bedrock-agentcore';
import type { WebSocket } from 'ws';
import type { TargetClient } from '../core/agents/invocation.ts';
import { bedrockAgentcore } from '../shared/awsModel/bedrockAgentcore.ts';
import type { Target } from '../shared/target.ts';
import { useCurrentModel } from './currentModel.ts';
import {
  replaceSignature,
  translateRefusal,
  type SdkRequest,
  type SdkResponse,
} from './sdkMessages.ts';

/** Credentials of a target's caller. */
export interface CallerCredentials {
  /** Absent to use the AWS SDK's default credential chain. */
  readonly credentials?: BedrockAgentCoreClientConfig['credentials'];
  /** The bearer token to send instead of a signature, if there is one at that time. */
  readonly bearer?: () => string | undefined;
}

/** The part of a target that its client needs. */
export type CallableTarget = Pick<Target, 'endpoint' | 'profile' | 'region' | 'runtimeArn'> & {
  /** Absent to let AWS choose its default. */
  readonly qualifier?: string | undefined;
};

/** Runs after signing, so that a bearer token can replace the signature. */
const AFTER_SIGNING = { step: 'finalizeRequest', priority: 'low' } as const;

/** The connection was closed before the response ended. */
class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

/** Creates the AWS SDK client of a target. */
export function createTargetClient(
  { endpoint, profile, region, runtimeArn, qualifier }: CallableTarget,
  { credentials, bearer }: CallerCredentials,
): TargetClient {
  const client = new BedrockAgentCoreClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(profile !== undefined && { profile }),
  });
  useCurrentModel(client, bedrockAgentcore);
  client.middlewareStack.add(
    (next) => (args) => {
      const token = bearer?.();
      if (token !== undefined) replaceSignature(token, args.request as SdkRequest);
      return next(args);
    },
    AFTER_SIGNING,
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      await translateRefusal(result.response as SdkResponse);
      return result;
    },
    // Runs before the SDK parses the response.
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
        // The SDK sets no content types, and the agents' SDKs reject a prompt without them.
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
        AFTER_SIGNING,
      );
      const { response, contentType, mcpSessionId, sessionEndpointUrl } = await client.send(
        command,
        { abortSignal: signal },
      );
      return {
        contentType: contentType ?? '',
        mcpSessionId,
        sessionEndpointUrl,
        // In Node, the SDK's stream is a Readable.
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
      `The connection closed before the answer ended (${(error as Error).message}). The agent or its session ended. See the session's log and timeline.`,
      { cause: error },
    );
  }
}

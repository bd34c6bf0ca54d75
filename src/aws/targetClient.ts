import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  type BedrockAgentCoreClientConfig,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Answer } from '../core/invocation/answer.ts';

/** A runtime and who may call it. A local one differs by its endpoint and credentials alone. */
export interface Target {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: NonNullable<BedrockAgentCoreClientConfig['credentials']>;
  readonly runtimeArn: string;
  /** The endpoint's name; AWS takes DEFAULT where there is none. */
  readonly qualifier?: string | undefined;
}

/** The AWS SDK's client for one target. */
export interface TargetClient {
  /** Sends a prompt; rejects with the service's own error. */
  invoke(
    prompt: { readonly sessionId: string; readonly text: string },
    signal: AbortSignal,
  ): Promise<Answer>;
  destroy(): void;
}

/** The connection was closed in mid-answer. */
class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

/** A client that is told no more than a target. */
export function createTargetClient(target: Target): TargetClient {
  const { endpoint, region, credentials, runtimeArn, qualifier } = target;
  const client = new BedrockAgentCoreClient({ endpoint, region, credentials });
  return {
    async invoke({ sessionId, text }, signal) {
      const { response, contentType } = await client.send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: runtimeArn,
          qualifier,
          runtimeSessionId: sessionId,
          // The SDK names no types by itself, and the agents' SDKs refuse a prompt without them.
          contentType: 'application/json',
          accept: 'application/json, text/event-stream',
          payload: JSON.stringify({ prompt: text }),
        }),
        { abortSignal: signal },
      );
      return {
        contentType: contentType ?? '',
        // In Node the SDK's stream is a readable one.
        body: readBody(response as unknown as AsyncIterable<Uint8Array>),
      };
    },
    destroy: () => client.destroy(),
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

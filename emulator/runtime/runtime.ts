import type {
  StopRuntimeSessionRequest,
  StopRuntimeSessionResponse,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Emulations } from '../wire/wire.ts';
import type { Agents } from './agents.ts';
import { createInvoke, type OnDisconnect } from './invoke.ts';
import type { Instance } from './instance.ts';
import type { Sessions } from './sessions.ts';

/** AgentCore Runtime: the operations that reach agents and their sessions. */
export function runtimeOperations({
  agents,
  sessions,
  onDisconnect,
}: {
  agents: Agents;
  sessions: Sessions;
  onDisconnect: OnDisconnect;
}): Emulations<Instance | null> {
  return {
    InvokeAgentRuntime: {
      lacks: 'protocols other than HTTP, authorisers, named endpoints, time limits',
      handle: createInvoke({ agents, sessions, onDisconnect }),
    },
    StopRuntimeSession: {
      async handle(input: StopRuntimeSessionRequest): Promise<StopRuntimeSessionResponse> {
        const agent = agents.resolve(input.agentRuntimeArn ?? '', input.qualifier);
        const runtimeSessionId = input.runtimeSessionId ?? '';
        await sessions.stop(agent, runtimeSessionId);
        return { runtimeSessionId, statusCode: 200 };
      },
    },
  };
}

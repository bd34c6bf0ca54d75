import type { Agent } from '../../../shared/agent.ts';
import type { SourceState } from '../../../shared/chat/source.ts';
import { isLocal, targetId, type Target } from '../../../shared/target.ts';
import type { TargetConnection } from '../../agents/targetConnection.ts';
import type { AgentRegistry } from '../../agents/agentRegistry.ts';
import type { ProtocolClient, SocketAnswer, UserMessage } from '../../agents/protocolClient.ts';
import type { AgentSession } from '../../agents/session.ts';
import { subscribeAll, type Subscribe } from '../../emitter.ts';
import type { Answer } from '../../invocation/answer.ts';
import { createSessionClients } from './sessionClients.ts';
import { createTokenGate } from './tokenGate.ts';
import { createToolLister } from './toolLister.ts';

/** A message to a session of an agent. */
export type AgentMessage = UserMessage & AgentSession;

/** Sends a message; rejects with the service's own error. The signal aborts the request. */
export type SendMessage = (
  message: AgentMessage,
  signal: AbortSignal,
) => Promise<Answer | SocketAnswer>;

/** The agents of the registry as one chat uses them. */
export interface ChatAgents {
  state(): SourceState;
  readonly onChange: Subscribe;
  /** Sends a message, once the user has entered the token that it needs. */
  readonly send: SendMessage;
  /** Reads the tools of a session into the state. */
  listTools(session: AgentSession): void;
  answerTokenRequest(agent: string, token: string | null): void;
  readonly connect: AgentRegistry['connect'];
  close(): void;
}

/** Adds a chat's own state to the registry: requests for tokens, and the listed tools. */
export function createChatAgents(registry: AgentRegistry, now: () => number): ChatAgents {
  const gate = createTokenGate(registry.tokens, now);
  const tools = createToolLister();
  const getClient = createSessionClients();

  function call<Value>(
    target: Target,
    send: (connection: TargetConnection) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    const agent = targetId(target);
    const needsToken = target.authorization === 'token';
    return gate.run(
      { agent, needsToken, send: async () => send(registry.connect(target)) },
      signal,
    );
  }

  return {
    state: () => ({
      connection: registry.emulator.connection(),
      agents: registry.agents(),
      aws: registry.aws?.view() ?? null,
      awsUnavailable: registry.awsUnavailable,
      tokenRequests: gate.requests(),
      toolList: tools.list(),
    }),
    onChange: subscribeAll(registry.onChange, gate.onChange, tools.onChange),
    send: (message, signal) =>
      call(
        message.target,
        (connection) => getClient(connection, message).send(message, signal),
        signal,
      ),
    listTools({ target, sessionId, actorId }) {
      const list = (client: ProtocolClient, signal: AbortSignal) =>
        client.listTools?.(sessionId, signal) ?? Promise.resolve([]);
      tools.read({ agent: targetId(target), sessionId }, (signal) =>
        call(
          target,
          (connection) =>
            list(getClient(connection, { sessionId, actorId, transport: 'http' }), signal),
          signal,
        ),
      );
    },
    answerTokenRequest: gate.answer,
    connect: registry.connect,
    close: gate.close,
  };
}

/** The first local agent. Agents in AWS are never chosen for the user. */
export function firstLocalAgent(agents: readonly Agent[]): Agent | null {
  return agents.find(({ target }) => isLocal(target)) ?? null;
}

import type { Agent, Connection } from '../../shared/agent.ts';
import type { AwsView } from '../../shared/aws.ts';
import type { AwsRequest } from '../../shared/schemas/viewMessage.ts';
import { parseRuntimeArn, targetId, type Target } from '../../shared/target.ts';
import { subscribeAll, type Subscribe } from '../emitter.ts';
import type { TargetConnection } from './targetConnection.ts';

/** Lists agents of one kind and connects to them. */
export interface AgentProvider {
  agents(): readonly Agent[];
  readonly onChange: Subscribe;
  /**
   * Connects to the agent with this id; null if this provider does not list it. Throws if the agent is listed
   * but cannot be called.
   */
  connect(agent: string): TargetConnection | null;
  close(): void;
}

/** The agents of an emulator. */
export interface EmulatorAgents extends AgentProvider {
  connection(): Connection;
  /** Starts the emulator again, or asks it for its agents again. */
  reconnect(): void;
  /** Reads the list of agents again. */
  refresh(): Promise<void>;
}

/** The agents in AWS that the user has added. */
export interface AwsAgents extends AgentProvider {
  view(): AwsView;
  request(request: AwsRequest): void;
}

/** Bearer tokens of agents that do not accept signatures. */
export interface Tokens {
  /** The token of an agent, once it is loaded. */
  bearer(agent: string): string | undefined;
  /** Loads the token from the store. */
  load(agent: string): Promise<void>;
  /** Saves a token; undefined removes it. */
  save(agent: string, token: string | undefined): void;
  /** Reports the agent whose token was saved. */
  readonly onSave: Subscribe<string>;
}

/** All agents that can be called, local and in AWS. A program has one; its chats share it. */
export interface AgentRegistry {
  agents(): readonly Agent[];
  readonly onChange: Subscribe;
  /**
   * Connects to the agent of a target, at its current address and with its current settings. Throws
   * if the agent is not listed: a stored target alone must not receive calls or credentials.
   */
  connect(target: Target): TargetConnection;
  readonly emulator: Pick<EmulatorAgents, 'connection' | 'reconnect' | 'refresh'>;
  /** Null if this program may not call AWS. */
  readonly aws: Pick<AwsAgents, 'view' | 'request'> | null;
  /** Why this program must not call AWS, and the fix; null if it may. */
  readonly awsUnavailable: string | null;
  readonly tokens: Tokens;
  close(): void;
}

/** Providers of a registry. */
export interface AgentRegistryOptions {
  readonly emulator: EmulatorAgents;
  /** The agents in AWS, or why this program must not call them, and the fix. */
  readonly aws: AwsAgents | string;
  readonly tokens: Tokens;
}

/** Combines the providers. If both have an agent, the emulator's applies. */
export function createAgentRegistry({
  emulator,
  aws,
  tokens,
}: AgentRegistryOptions): AgentRegistry {
  const providers: readonly AgentProvider[] =
    typeof aws === 'string' ? [emulator] : [emulator, aws];
  return {
    agents() {
      const listed = new Map<string, Agent>();
      for (const agent of providers.flatMap((provider) => provider.agents())) {
        if (!listed.has(agent.id)) listed.set(agent.id, agent);
      }
      return [...listed.values()];
    },
    onChange: subscribeAll(...providers.map(({ onChange }) => onChange)),
    connect(target) {
      for (const provider of providers) {
        const connection = provider.connect(targetId(target));
        if (connection) return connection;
      }
      const { runtimeArn } = target;
      const name = parseRuntimeArn(runtimeArn)?.name ?? runtimeArn;
      throw new Error(`Agent ${name} is no longer available (${runtimeArn}).`);
    },
    emulator,
    aws: typeof aws === 'string' ? null : aws,
    awsUnavailable: typeof aws === 'string' ? aws : null,
    tokens,
    close() {
      for (const provider of providers) provider.close();
    },
  };
}

import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  type InvokeAgentRuntimeCommandInput,
} from '@aws-sdk/client-bedrock-agentcore';
import { onTestFinished } from 'vitest';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type Logger,
} from '../../emulator/index.ts';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { SessionSummary, TimelineEntry } from '../../src/shared/session.ts';
import { sdkSettings } from './sdk.ts';

/** A running emulator and the clients to talk to it, all of which end with the test. */
export interface TestEmulator extends Emulator {
  readonly agent: AgentSummary;
  readonly log: readonly string[];
  /** The unmodified AWS SDK, led here by its endpoint alone. */
  client(): BedrockAgentCoreClient;
  /** One invocation by the SDK, its answer read as JSON. */
  invoke(input?: Partial<InvokeAgentRuntimeCommandInput>): Promise<Record<string, unknown>>;
  /** A call of the admin API. */
  admin<T>(path: string, body?: unknown): Promise<T>;
  sessions(): Promise<SessionSummary[]>;
  timeline(sessionId: string): Promise<TimelineEntry[]>;
  /** How many machines wait for a session of the agent. */
  countWarmMachines(): Promise<number>;
}

/** A session id that AWS accepts, readable in a failing test. */
export function sessionId(name: string): string {
  return `${name}-`.padEnd(40, '0');
}

/** Starts an emulator on a free port with nothing kept. */
export async function useEmulator(options: EmulatorOptions): Promise<TestEmulator> {
  const log: string[] = [];
  const note = (message: string) => void log.push(message);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const emulator = await createEmulator({ port: 0, logger, ...options });
  onTestFinished(() => emulator.close());

  async function admin<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${emulator.url}/_emulator${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return (await response.json()) as T;
  }

  function client(): BedrockAgentCoreClient {
    const made = new BedrockAgentCoreClient(sdkSettings(emulator.url));
    onTestFinished(() => made.destroy());
    return made;
  }

  const { agents } = await admin<{ agents: AgentSummary[] }>('/agents');
  // There is none where the test deploys its agents itself.
  const agent = agents[0]!;
  const shared = client();
  return {
    ...emulator,
    agent,
    log,
    client,
    admin,
    async invoke(input = {}) {
      const { response } = await shared.send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: agent?.arn,
          contentType: 'application/json',
          payload: JSON.stringify({ prompt: 'hello' }),
          ...input,
        }),
      );
      return JSON.parse(await response!.transformToString()) as Record<string, unknown>;
    },
    countWarmMachines: async () =>
      (await admin<{ agents: AgentSummary[] }>('/agents')).agents[0]!.warm,
    sessions: async () => (await admin<{ sessions: SessionSummary[] }>('/sessions')).sessions,
    timeline: async (id) =>
      (
        await admin<{ timeline: TimelineEntry[] }>(
          `/sessions/${agent.runtimeId}/${encodeURIComponent(id)}/timeline`,
        )
      ).timeline,
  };
}

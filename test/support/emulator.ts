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

/** A running emulator and its clients. All end with the test. */
export interface TestEmulator extends Emulator {
  readonly agent: AgentSummary;
  readonly log: readonly string[];
  /** Creates an unmodified AWS SDK client with the emulator's endpoint. */
  client(): BedrockAgentCoreClient;
  /** Invokes the agent with the SDK and parses the response as JSON. */
  invoke(input?: Partial<InvokeAgentRuntimeCommandInput>): Promise<Record<string, unknown>>;
  /** Calls the admin API. */
  admin<T>(path: string, body?: unknown): Promise<T>;
  sessions(): Promise<SessionSummary[]>;
  timeline(sessionId: string): Promise<TimelineEntry[]>;
  /** Returns the number of warm machines of the agent. */
  countWarmMachines(): Promise<number>;
}

/** Returns a session id that AWS accepts and that is readable in a failing test. */
export function sessionId(name: string): string {
  return `${name}-`.padEnd(40, '0');
}

/**
 * Starts an emulator on a free port, without a data folder and with instant resources unless `options`
 * has them.
 */
export async function useEmulator(options: EmulatorOptions): Promise<TestEmulator> {
  const log: string[] = [];
  const record = (message: string) => void log.push(message);
  const logger: Logger = { debug: record, info: record, warn: record, error: record };
  const emulator = await createEmulator({
    port: 0,
    logger,
    instantResources: true,
    ...options,
  });
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
    const created = new BedrockAgentCoreClient(sdkSettings(emulator.url));
    onTestFinished(() => created.destroy());
    return created;
  }

  const { agents } = await admin<{ agents: AgentSummary[] }>('/agents');
  // Undefined when the test deploys its own agents.
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

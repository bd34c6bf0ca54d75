import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { createAdminClient } from '../src/core/emulatorClient/adminClient.ts';
import type { ReadyMessage } from '../src/shared/emulator.ts';
import { openConnection, type TimedResponse, type ReusedConnection } from './connection.ts';
import { root } from './project.ts';
import { startProgram, type Program } from './program.ts';

/** A running emulator with one connection to it. */
export interface MeasuredEmulator {
  /** InvokeAgentRuntime as the AWS SDK sends it. */
  invoke(sessionId: string, payload: string, connection?: ReusedConnection): Promise<TimedResponse>;
  /** StopRuntimeSession. */
  stop(sessionId: string): Promise<void>;
  /** Returns the real port of a session's agent. */
  agentPort(sessionId: string): Promise<number>;
  /** Returns the number of warm instances. */
  warmth(): Promise<number>;
  /** Resident memory in megabytes. */
  memory(): Promise<number>;
  /** CPU time in milliseconds. */
  cpuTime(): Promise<number>;
  connect(): ReusedConnection;
}

/** Starts `agentcore-emulator` without a data folder. */
export function startCommand(project: string, options: readonly string[] = []): Promise<Program> {
  const command = join(root, 'dist', 'agentcore-emulator.js');
  return startProgram([command, project, '--port', '0', '--ephemeral', ...options]);
}

/** Runs an emulator during `use`. */
export async function withEmulator<T>(
  project: string,
  use: (emulator: MeasuredEmulator) => Promise<T>,
  options: readonly string[] = [],
): Promise<T> {
  const program = await startCommand(project, options);
  try {
    return await use(await findAgent(program));
  } finally {
    await program.end();
  }
}

async function findAgent(program: Program): Promise<MeasuredEmulator> {
  const { url } = JSON.parse(program.firstLine) as ReadyMessage;
  const port = Number(new URL(url).port);
  const own = openConnection(port);
  const admin = createAdminClient(url);
  const [agent] = await admin.agents();
  const path = `/runtimes/${encodeURIComponent(agent!.arn)}`;
  return {
    invoke: (sessionId, payload, connection = own) =>
      connection.send('POST', `${path}/invocations`, createHeaders(sessionId), payload),
    async stop(sessionId) {
      await own.send('POST', `${path}/stopruntimesession`, createHeaders(sessionId), '{}');
    },
    async agentPort(sessionId) {
      const sessions = await admin.sessions();
      const session = sessions.find((candidate) => candidate.sessionId === sessionId);
      return session!.compute!.port!;
    },
    async warmth() {
      const [agent] = await admin.agents();
      return agent!.warm;
    },
    memory: program.memory,
    cpuTime: program.cpuTime,
    connect: () => openConnection(port),
  };
}

/** Returns the headers of an invocation, for the emulator and for agents. */
export function createHeaders(sessionId: string): OutgoingHttpHeaders {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-amzn-bedrock-agentcore-runtime-session-id': sessionId,
  };
}

/** Creates a new session ID that AWS accepts. */
export function newSessionId(): string {
  return `bench-${randomUUID()}`;
}

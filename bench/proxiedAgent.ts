import { join } from 'node:path';
import { openConnection, type ReusedConnection, type TimedResponse } from './connection.ts';
import { createHeaders, newSessionId, withEmulator, type MeasuredEmulator } from './emulator.ts';
import { measurePairs, type Pairs } from './pairs.ts';
import { startProgram, type Program } from './program.ts';
import { root, withMinimalProject } from './project.ts';

/** One agent that is reached through the emulator, through a bare undici proxy, and directly. */
export interface ProxiedAgent {
  readonly emulator: MeasuredEmulator;
  readonly proxy: Program;
  /** Invokes the agent through the emulator. */
  invoke(connection?: ReusedConnection): Promise<TimedResponse>;
  /** Sends the same request over a connection to the proxy or to the agent. */
  send(connection: ReusedConnection): Promise<TimedResponse>;
  connectToProxy(): ReusedConnection;
  connectToAgent(): ReusedConnection;
}

/** Runs an emulator with a warm session, and a proxy to the session's agent, during `use`. */
export async function withProxiedAgent<T>(
  payload: string,
  use: (agent: ProxiedAgent) => Promise<T>,
): Promise<T> {
  return withMinimalProject(({ folder }) =>
    withEmulator(folder, async (emulator) => {
      const sessionId = newSessionId();
      await emulator.invoke(sessionId, payload);
      const port = await emulator.agentPort(sessionId);
      const headers = createHeaders(sessionId);
      const proxy = await startProgram([join(root, 'bench', 'undiciProxy.ts'), String(port)]);
      try {
        return await use({
          emulator,
          proxy,
          invoke: (connection) => emulator.invoke(sessionId, payload, connection),
          send: (connection) => connection.send('POST', '/invocations', headers, payload),
          connectToProxy: () => openConnection(Number(proxy.firstLine)),
          connectToAgent: () => openConnection(port),
        });
      } finally {
        await proxy.end();
      }
    }),
  );
}

/** Measures a time of alternating requests through the emulator, and directly and through the proxy. */
export async function measureProxied(
  { invoke, send, connectToProxy, connectToAgent }: ProxiedAgent,
  time: 'firstByte' | 'total',
  rounds: { readonly warmUp: number; readonly count: number },
): Promise<{ times: Pairs; direct: number[] }> {
  const toAgent = connectToAgent();
  const toProxy = connectToProxy();
  const direct: number[] = [];
  const times = await measurePairs(rounds, {
    ours: async () => (await invoke())[time],
    async reference() {
      direct.push((await send(toAgent))[time]);
      return (await send(toProxy))[time];
    },
  });
  return { times, direct };
}

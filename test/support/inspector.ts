import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Memory of a Node.js process after garbage collection, in bytes. */
export interface Memory {
  readonly heap: number;
  /** Memory of buffers outside the heap. */
  readonly external: number;
  readonly resident: number;
}

/** Reads the memory of a Node.js process that was started with --inspect, found by the printed URL. */
export async function readMemory(printed: string): Promise<Memory> {
  const [address] = /ws:\S+/.exec(printed) ?? [];
  if (address === undefined) throw new Error(`No inspector URL in: ${printed}`);
  const socket = new WebSocket(address);
  await once(socket, 'open');
  let calls = 0;

  async function call(method: string, params: object = {}): Promise<unknown> {
    const id = (calls += 1);
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      const message = JSON.parse(data.toString()) as { id?: number; result?: unknown };
      if (message.id === id) return message.result;
    }
  }

  try {
    // Objects freed in one round may release others after their finalizers ran.
    for (let round = 0; round < 3; round += 1) await call('HeapProfiler.collectGarbage');
    const { result } = (await call('Runtime.evaluate', {
      expression: 'process.memoryUsage()',
      returnByValue: true,
    })) as { result: { value: NodeJS.MemoryUsage } };
    const { heapUsed, external, rss } = result.value;
    return { heap: heapUsed, external, resident: rss };
  } finally {
    // A process does not exit while an inspector is connected.
    socket.close();
  }
}

import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a Node process holds after its garbage was collected, in bytes. */
export interface Memory {
  readonly heap: number;
  /** Buffers, which lie beside the heap. */
  readonly external: number;
  readonly resident: number;
}

/** Asks a Node process that was started with --inspect, by the address that it printed. */
export async function readMemory(printed: string): Promise<Memory> {
  const [address] = /ws:\S+/.exec(printed) ?? [];
  if (address === undefined) throw new Error(`no inspector is named in: ${printed}`);
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
    // What the first collection frees may hold on to more until its finalizers have run.
    for (let round = 0; round < 3; round += 1) await call('HeapProfiler.collectGarbage');
    const { result } = (await call('Runtime.evaluate', {
      expression: 'process.memoryUsage()',
      returnByValue: true,
    })) as { result: { value: NodeJS.MemoryUsage } };
    const { heapUsed, external, rss } = result.value;
    return { heap: heapUsed, external, resident: rss };
  } finally {
    // A process does not end while somebody inspects it.
    socket.close();
  }
}

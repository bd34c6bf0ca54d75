import { expect, test } from 'vitest';
import type { Engine } from '../../../emulator/compute/container/engine.ts';
import { createEmulatorReachability } from '../../../emulator/compute/container/emulatorReachability.ts';

const engine = { inVirtualMachine: false } as Engine;
const network = { id: 'n', gateway: '172.18.0.1' };

test('A listener that could not be opened is retried for the next session.', async () => {
  const warnings: string[] = [];
  let isUp = false;
  const { find } = createEmulatorReachability({
    port: 9310,
    async openListener() {
      if (!isUp) throw new Error('listen EADDRNOTAVAIL');
      return { number: 4711, async close() {} };
    },
    logger: { debug() {}, info() {}, warn: (message) => warnings.push(message), error() {} },
  });
  const loopback = { port: 9310, address: 'host-gateway' };
  expect(await find(engine, network)).toEqual(loopback);
  expect(await find(engine, network)).toEqual(loopback);
  isUp = true;
  expect(await find(engine, network)).toEqual({ port: 4711, address: '172.18.0.1' });
  expect(warnings.length).toBeLessThanOrEqual(1);
});

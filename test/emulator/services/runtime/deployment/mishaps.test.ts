import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RuntimeStore } from '../../../../../emulator/services/runtime/deployment/runtimeStore.ts';
import type {
  RuntimeRecord,
  RuntimeVersion,
} from '../../../../../emulator/services/runtime/deployment/records.ts';
import { createRollout } from '../../../../../emulator/services/runtime/deployment/rollout.ts';
import type * as removal from '../../../../../emulator/storage/removal.ts';
import { echoAgent, useAgent, useFolder } from '../../../../support/agents.ts';
import type { useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';

/** A folder of this name is as one that another program holds open: it cannot be removed. */
const HELD = 'held-by-another';

/**
 * An emulator made of modules of its own: those of other tests in this process were loaded with the
 * removal that works, and are to keep it.
 */
async function useEmulatorThatCannotRemove(...[options]: Parameters<typeof useEmulator>) {
  const forget = () => {
    vi.doUnmock('../../../../../emulator/storage/removal.ts');
    vi.resetModules();
  };
  onTestFinished(forget);
  vi.resetModules();
  vi.doMock('../../../../../emulator/storage/removal.ts', async (original) => {
    const { removeFolder } = await original<typeof removal>();
    return {
      async removeFolder(folder: string) {
        if (folder.endsWith(HELD)) throw new Error(`EBUSY: ${folder}`);
        await removeFolder(folder);
      },
    } satisfies typeof removal;
  });
  const emulator = await import('../../../../support/emulator.ts');
  return emulator.useEmulator(options);
}

test('code of old that cannot be removed is said to be left, and the emulator serves', async () => {
  const dataFolder = await useFolder();
  await mkdir(join(dataFolder, 'deployed', HELD), { recursive: true });
  const agents = [await useAgent(echoAgent)];
  const emulator = await useEmulatorThatCannotRemove({ agents, dataFolder });
  await eventually(() => expect(emulator.log.join('\n')).toMatch(/not be removed: EBUSY.*held-by/));
  expect(await emulator.invoke()).toMatchObject({ turns: 1 });
  await emulator.close();
});

test('what was obtained and cannot be kept is said to be, and ends nothing', async () => {
  const runtime = { id: 'r', endpoints: [] } as unknown as RuntimeRecord;
  const version = { runtimeId: 'r', version: '1' } as RuntimeVersion;
  const catalogue: Partial<RuntimeStore> = {
    runtime: () => runtime,
    version: () => version,
    saveVersion() {
      throw new Error('ENOSPC: no space left on device');
    },
  };
  const log: string[] = [];
  const note = (message: string) => void log.push(message);
  const rollOut = createRollout({
    catalogue: catalogue as RuntimeStore,
    clock: { now: () => 0 } as never,
    obtain: () => Promise.reject(new Error('it is not there')),
    onServed() {},
    logger: { debug: note, info: note, warn: note, error: note },
  });
  rollOut.begin(version);
  await eventually(() =>
    expect(log.join('\n')).toMatch(/obtained for version 1 of r could not be kept: .*ENOSPC/),
  );
  await rollOut.close();
});

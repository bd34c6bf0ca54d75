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

/** A folder with this name cannot be removed, as if another program held it open. */
const HELD = 'held-by-another';

/**
 * Starts an emulator from freshly loaded modules whose folder removal fails. Other tests in this
 * process keep the modules with the real removal.
 */
async function useEmulatorThatCannotRemove(...[options]: Parameters<typeof useEmulator>) {
  const restore = () => {
    vi.doUnmock('../../../../../emulator/storage/removal.ts');
    vi.resetModules();
  };
  onTestFinished(restore);
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

test('unused code that cannot be removed is logged, and the emulator still serves', async () => {
  const dataFolder = await useFolder();
  await mkdir(join(dataFolder, 'deployed', HELD), { recursive: true });
  const agents = [await useAgent(echoAgent)];
  const emulator = await useEmulatorThatCannotRemove({ agents, dataFolder });
  await eventually(() => expect(emulator.log.join('\n')).toMatch(/not be removed: EBUSY.*held-by/));
  expect(await emulator.invoke()).toMatchObject({ turns: 1 });
  await emulator.close();
});

test('a version that cannot be saved is logged and does not stop the emulator', async () => {
  const runtime = { id: 'r', endpoints: [] } as unknown as RuntimeRecord;
  const version = { runtimeId: 'r', version: '1' } as RuntimeVersion;
  const store: Partial<RuntimeStore> = {
    runtime: () => runtime,
    version: () => version,
    saveVersion() {
      throw new Error('ENOSPC: no space left on device');
    },
  };
  const log: string[] = [];
  const record = (message: string) => void log.push(message);
  const rollout = createRollout({
    store: store as RuntimeStore,
    clock: { now: () => 0 } as never,
    prepareVersion: () => Promise.reject(new Error('it is not there')),
    onEndpointsChanged() {},
    logger: { debug: record, info: record, warn: record, error: record },
  });
  rollout.begin(version);
  await eventually(() =>
    expect(log.join('\n')).toMatch(/Version 1 of r could not be saved: .*ENOSPC/),
  );
  await rollout.close();
});

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Memory } from '../support/inspector.ts';
import { listChildren, countOpenFiles } from '../support/processes.ts';
import { patient, useSoakedEmulator } from './soakedEmulator.ts';
import { AT_ONCE } from './visits.ts';

/** Every end that the callers of the soak bring about: what hangs is cut off after an hour, and idles. */
const REASONS = new Set(['crashed', 'idle-timeout', 'start-failed', 'stopped']);

/** As many ended sessions as the emulator still tells of: until then its memory has to grow. */
const REMEMBERED = 1_000;

/** Connections to the container engine are kept for the next call: as many as were needed at once. */
const KEPT = 2 * AT_ONCE;

test(
  'an emulator that has served more than a thousand sessions holds no more after each further one',
  { timeout: 900_000 },
  async ({ skip, annotate }) => {
    skip(!existsSync('/proc'), 'open files are counted by /proc, which Linux alone has');
    const emulator = await useSoakedEmulator();
    const { memory, sessions, round, pid, folders } = emulator;

    while ((await sessions()).length < REMEMBERED) await round(160, 8);
    const files = countOpenFiles(pid);
    const held = [];
    for (const half of ['first', 'second']) {
      await round(160, 16);
      await round(160, 16);
      const ended = await sessions();
      expect(ended).toHaveLength(REMEMBERED);
      expect(new Set(ended.map(({ reason }) => reason))).toEqual(REASONS);
      expect(await folders()).toEqual({ ofSessions: REMEMBERED, ofMachines: 0 });
      // Connections are gone a moment after their callers.
      const leaked = () =>
        Object.entries(countOpenFiles(pid)).filter(
          ([kind, count]) => count > (files[kind] ?? 0) + KEPT,
        );
      await expect.poll(leaked, patient).toEqual([]);
      expect(listChildren(pid)).toEqual([]);
      held.push(await memory());
      await annotate(`after the ${half} half: ${JSON.stringify(held.at(-1))}`);
    }
    const [first, second] = held as [Memory, Memory];
    expect(second.heap / first.heap).toBeLessThan(1.1);
    expect(second.external / first.external).toBeLessThan(1.1);
    expect(second.resident / first.resident).toBeLessThan(1.25);

    emulator.process.kill('SIGTERM');
    expect(await emulator.exited).toBe(0);
    expect(await emulator.dataFolders()).toEqual([]);
    expect(await emulator.containers()).toEqual([]);
    expect(await emulator.networks()).toEqual([]);
  },
);

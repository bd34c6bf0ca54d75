import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Memory } from '../support/inspector.ts';
import { listChildren, countOpenFiles } from '../support/processes.ts';
import { slowPolling, useSoakedEmulator } from './soakedEmulator.ts';
import { CONCURRENT_VISITS } from './visits.ts';

/** All end reasons of the soak. Hanging requests are cut off after an hour, then time out idle. */
const REASONS = new Set(['crashed', 'idle-timeout', 'start-failed', 'stopped']);

/** Ended sessions that the emulator keeps. Its memory grows until it has this many. */
const MAX_ENDED_SESSIONS = 1_000;

/** Pooled connections to the container engine. */
const POOLED_CONNECTIONS = 2 * CONCURRENT_VISITS;

test(
  'after a thousand sessions an emulator’s memory and files stop growing',
  { timeout: 900_000 },
  async ({ skip, annotate }) => {
    skip(!existsSync('/proc'), 'open files are counted by /proc, which only Linux has');
    const emulator = await useSoakedEmulator();
    const { memory, sessions, round, pid, folders } = emulator;

    while ((await sessions()).length < MAX_ENDED_SESSIONS) await round(160, 8);
    const files = countOpenFiles(pid);
    const measurements = [];
    for (const half of ['first', 'second']) {
      await round(160, 16);
      await round(160, 16);
      const ended = await sessions();
      expect(ended).toHaveLength(MAX_ENDED_SESSIONS);
      expect(new Set(ended.map(({ reason }) => reason))).toEqual(REASONS);
      expect(await folders()).toEqual({ ofSessions: MAX_ENDED_SESSIONS, ofMachines: 0 });
      // Connections close a moment after their callers disconnect.
      const leaked = () =>
        Object.entries(countOpenFiles(pid)).filter(
          ([kind, count]) => count > (files[kind] ?? 0) + POOLED_CONNECTIONS,
        );
      await expect.poll(leaked, slowPolling).toEqual([]);
      // The shell that ends the processes of a killed emulator stays.
      expect(listChildren(pid)).toEqual([expect.stringMatching(/^\/bin\/sh -c .*watchHome/s)]);
      measurements.push(await memory());
      await annotate(`after the ${half} half: ${JSON.stringify(measurements.at(-1))}`);
    }
    const [first, second] = measurements as [Memory, Memory];
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

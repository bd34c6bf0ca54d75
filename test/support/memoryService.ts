import { onTestFinished } from 'vitest';
import { createClock } from '../../emulator/clock.ts';
import type { Extractor } from '../../emulator/memory/extraction/extractor.ts';
import { openMemoryService } from '../../emulator/memory/service.ts';
import { useFolder } from './agents.ts';

/** Memories whose records another extractor than the built-in one makes, and their clock. */
export async function useMemoryService(extractor: Extractor) {
  const clock = createClock({ offset: 0, notBefore: 0, onError: () => {} });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const place = { folder: await useFolder(), region: 'us-east-1', account: '000000000000' };
  const { operations, close } = openMemoryService({ ...place, clock, logger }, () => {}, extractor);
  onTestFinished(async () => {
    await close();
    clock.close();
  });
  return { operations, clock };
}

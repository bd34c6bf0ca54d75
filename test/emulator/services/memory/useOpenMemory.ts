import { onTestFinished } from 'vitest';
import { createClock } from '../../../../emulator/clock.ts';
import type { Extractor } from '../../../../emulator/services/memory/extraction/extractor.ts';
import { openMemory } from '../../../../emulator/services/memory/openMemory.ts';
import { useFolder } from '../../../support/agents.ts';

/** Opens the memory service without the wire, to control the import stream and the extractor. */
export async function useOpenMemory(extractor?: Extractor) {
  const clock = createClock({ offset: 0, notBefore: 0, onError: () => {} });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const place = { folder: await useFolder(), region: 'us-east-1', account: '000000000000' };
  const service = openMemory(
    { ...place, clock, logger, instantResources: true },
    () => {},
    extractor,
  );
  onTestFinished(async () => {
    await service.close();
    clock.close();
  });
  return { ...service, clock };
}

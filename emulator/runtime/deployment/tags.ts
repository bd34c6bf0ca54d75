import { invalid } from '../../wire/errors.ts';
import type { Tags } from './records.ts';

/** Refuses the keys that AWS keeps for itself. */
export function refuseReserved(tags: Tags): void {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw invalid(`tags: '${reserved}' begins with aws:, which is AWS's`);
}

import {
  MAX_LATENCY,
  MIN_TOKENS_PER_SECOND,
  OFFLINE_FAULTS,
  type OfflineModelSettings,
} from '../shared/offlineModel.ts';
import type { ValueType } from './optionValues.ts';

/** Delays and a fault of the offline model, such as `latency=200,rate=30,fault=throttling`. */
export const offlineModelSettings: ValueType<Partial<OfflineModelSettings>> = {
  expected: `a list of latency=MILLISECONDS (0 to ${MAX_LATENCY}), rate=TOKENS_PER_SECOND (from ${MIN_TOKENS_PER_SECOND}) and fault=NAME, with the faults ${OFFLINE_FAULTS.join(', ')}`,
  parse(text) {
    const settings: Partial<OfflineModelSettings> = {};
    for (const part of text.split(',')) {
      const setting = readPart(part);
      if (setting === undefined) return undefined;
      Object.assign(settings, setting);
    }
    return settings;
  },
};

function readPart(part: string): Partial<OfflineModelSettings> | undefined {
  const [, name, value = ''] = /^(\w+)=([\w.]+)$/.exec(part) ?? [];
  if (name === 'fault') {
    const fault = OFFLINE_FAULTS.find((each) => each === value);
    return fault && { fault };
  }
  if (!/^\d+(?:\.\d+)?$/.test(value)) return undefined;
  const amount = Number(value);
  if (name === 'latency' && amount <= MAX_LATENCY) return { latency: amount };
  if (name === 'rate' && amount >= MIN_TOKENS_PER_SECOND) return { tokensPerSecond: amount };
  return undefined;
}

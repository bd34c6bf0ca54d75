import type { PortRange } from '../shared/portRange.ts';
import type { ValueType } from './optionValues.ts';

// AWS's limits for allowedPorts. It reserves one port of every machine.
const FIRST_PORT = 8_000;
const LAST_PORT = 12_000;
const RESERVED_PORT = 8_443;
const MAX_RANGES = 5;

/** Ports that AWS accepts as allowedPorts, such as `8000-8010,9000`. */
export const portRanges: ValueType<readonly PortRange[]> = {
  expected: `up to ${MAX_RANGES} ports or ranges from ${FIRST_PORT} to ${LAST_PORT} without ${RESERVED_PORT}, such as 9000 or 8000-8010,9000`,
  parse(text) {
    const ranges = text.split(',').map(readRange);
    const valid = ranges.filter((range) => range !== null);
    return valid.length === ranges.length && ranges.length <= MAX_RANGES ? valid : undefined;
  },
};

function readRange(text: string): PortRange | null {
  const [, first, last = first] = /^(\d{4,5})(?:-(\d{4,5}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (!(FIRST_PORT <= from && from <= to && to <= LAST_PORT)) return null;
  return from <= RESERVED_PORT && RESERVED_PORT <= to ? null : { from, to };
}

import { awsQuotas, type Quotas } from '../../emulator/index.ts';
import type { ValueType } from './optionValues.ts';

type LimitName = keyof Quotas;

const names = Object.keys(awsQuotas) as LimitName[];

/** Limits other than AWS's: `off`, `aws`, or names with numbers, such as `request=60,rate=5`. */
export const serviceLimits: ValueType<Partial<Quotas>> = {
  expected: `aws, off or a list of NAME=NUMBER and NAME=off with the names ${names.join(', ')}`,
  parse(text) {
    const limits: Partial<Record<LimitName, number>> = {};
    for (const part of text.split(',')) {
      const changed = readPart(part);
      if (changed === undefined) return undefined;
      Object.assign(limits, changed);
    }
    return limits;
  },
};

function readPart(part: string): Partial<Quotas> | undefined {
  if (part === 'aws') return awsQuotas;
  if (part === 'off') return Object.fromEntries(names.map((name) => [name, Infinity]));
  const [, written, amount = ''] = /^(\w+)=(\d{1,9}|off)$/.exec(part) ?? [];
  const name = names.find((each) => each === written);
  return name && { [name]: amount === 'off' ? Infinity : Number(amount) };
}

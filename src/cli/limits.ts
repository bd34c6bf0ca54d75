import { awsLimits, type ServiceLimits } from '../../emulator/services/runtime/serviceLimits.ts';
import { UsageError } from './usage.ts';

/** Which limits are others than AWS's: `off`, or names with numbers, as in `request=60,rate=5`. */
export function readLimits(value: string | undefined): Partial<ServiceLimits> {
  const limits: Partial<Record<keyof ServiceLimits, number>> = {};
  for (const part of value?.split(',') ?? []) {
    const [name = '', amount] = part.split('=');
    if (amount === undefined && name === 'aws') Object.assign(limits, awsLimits);
    else if (amount === undefined && name === 'off') {
      for (const each of names) limits[each] = Infinity;
    } else limits[nameOf(name, part)] = amount === 'off' ? Infinity : numberOf(amount, part);
  }
  return limits;
}

const names = Object.keys(awsLimits) as (keyof ServiceLimits)[];

function nameOf(name: string, part: string): keyof ServiceLimits {
  const known = names.find((each) => each === name);
  if (known) return known;
  throw new UsageError(
    `--limits takes aws, off or NAME=N with the names ${names.join(', ')}; not '${part}'`,
  );
}

function numberOf(amount: string | undefined, part: string): number {
  if (amount !== undefined && /^\d{1,9}$/.test(amount)) return Number(amount);
  throw new UsageError(`--limits: '${part}' is to end with a whole number, or with off`);
}

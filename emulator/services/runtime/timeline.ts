import type { Clock } from '../../clock.ts';

/** A timeline entry without its time. The conditional type distributes over the members of a union. */
export type UntimedEntry<Entry> = Entry extends unknown ? Omit<Entry, 'time'> : never;

/** Formats virtual time as ISO 8601 for the admin API. */
export function timestamp(time: number): string {
  return new Date(time).toISOString();
}

/** Adds the current virtual time to an entry. */
export function stampEntry<Fields extends object>(
  clock: Pick<Clock, 'now'>,
  fields: Fields,
): Fields & { readonly time: string } {
  return { time: timestamp(clock.now()), ...fields };
}

import type { Clock } from '../../clock.ts';

/** What happened, before it is stamped; the type is spread over a union's members. */
export type UntimedEntry<Entry> = Entry extends unknown ? Omit<Entry, 'time'> : never;

/** A moment of virtual time as the admin API writes it. */
export function timestamp(time: number): string {
  return new Date(time).toISOString();
}

/** Says when it happened: now. */
export function stampEntry<Fields extends object>(
  clock: Pick<Clock, 'now'>,
  fields: Fields,
): Fields & { readonly time: string } {
  return { time: timestamp(clock.now()), ...fields };
}

import { createHash } from 'node:crypto';

/** By which a request is known to be the same as another, whatever the order of its keys; not by its size. */
export function fingerprintOf(request: object): string {
  const canonical = JSON.stringify(request, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return createHash('sha256').update(canonical).digest('base64url');
}

/** Lengths that AWS allows for a session id. */
const SESSION_ID = { min: 33, max: 256 };

const MAX_ACTOR_ID_LENGTH = 1024;

/** Explains why a session id is invalid; null if it is valid. The id is sent as a header. */
export function validateSessionId(id: string): string | null {
  const { min, max } = SESSION_ID;
  if (id.length < min || id.length > max) {
    return `A session id has ${min} to ${max} characters. This one has ${id.length}.`;
  }
  return /^[!-~]+$/.test(id) ? null : 'Use ASCII letters, digits and symbols, without spaces.';
}

/** Explains why an actor id is invalid; null if it is valid. */
export function validateActorId(id: string): string | null {
  if (id.length === 0 || id.length > MAX_ACTOR_ID_LENGTH) {
    return `An actor id has 1 to ${MAX_ACTOR_ID_LENGTH} characters. This one has ${id.length}.`;
  }
  return /^[!-~](?:[ -~]*[!-~])?$/.test(id)
    ? null
    : 'Use ASCII letters, digits and symbols, without spaces at the start or end.';
}

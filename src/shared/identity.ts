/** AWS's bounds for the id of a session. */
const SESSION_ID = { min: 33, max: 256 };

const LONGEST_ACTOR_ID = 1024;

/** Why this cannot be the id of a session; null where it can. It is sent as a header. */
export function validateSessionId(id: string): string | null {
  const { min, max } = SESSION_ID;
  if (id.length < min || id.length > max) {
    return `AgentCore takes ids of ${min} to ${max} characters; this one has ${id.length}.`;
  }
  return /^[!-~]+$/.test(id) ? null : 'It may hold letters, digits and signs of ASCII, no spaces.';
}

/** Why this cannot be the id of an actor, the user for whom an agent works; null where it can. */
export function validateActorId(id: string): string | null {
  if (id.length === 0 || id.length > LONGEST_ACTOR_ID) {
    return `AgentCore takes 1 to ${LONGEST_ACTOR_ID} characters; this one has ${id.length}.`;
  }
  return /^[!-~](?:[ -~]*[!-~])?$/.test(id)
    ? null
    : 'It may hold letters, digits and signs of ASCII, and no spaces at its ends.';
}

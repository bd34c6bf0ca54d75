const PLACEHOLDER = '{{session-id}}';

/** Replaces values that differ between runs of an agent and do not matter to the model. */
export interface SessionPlaceholders {
  insert(text: string): string;
  resolve(text: string): string;
}

/** Replaces the ID of the calling session, so that a recording applies to any session. */
export function createPlaceholders(sessionId: string | null): SessionPlaceholders {
  if (sessionId === null) return { insert: (text) => text, resolve: (text) => text };
  return {
    insert: (text) => text.replaceAll(sessionId, PLACEHOLDER),
    resolve: (text) => text.replaceAll(PLACEHOLDER, sessionId),
  };
}

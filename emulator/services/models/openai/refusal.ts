/** The text of a refusal. OpenAI's protocols have it in a field of its own, next to the reply. */
export const REFUSAL = 'The model refused to reply.';

/** Text of a refusal. OpenAI's protocols send it in a separate field. */
export const REFUSAL = 'The model refused to reply.';

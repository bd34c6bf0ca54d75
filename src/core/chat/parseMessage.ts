import type * as z from 'zod';

/** Parses a view's message; throws if it is not part of the protocol. */
export function parseMessage<Message>(schema: z.ZodType<Message>, message: unknown): Message {
  const { data, error } = schema.safeParse(message);
  if (!error) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'message';
  // Values are omitted, since they may be tokens or as long as a file.
  throw new Error(`Invalid chat message ${describeType(message)}: ${field}: ${issue?.message}`);
}

function describeType(message: unknown): string {
  const { type } = (message ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' ? `'${type.slice(0, 40)}'` : 'without a type';
}

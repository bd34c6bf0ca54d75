import type * as z from 'zod';

/** The schemas of the admin API's answers, by call. */
export type AdminAnswers = Awaited<ReturnType<typeof loadSchemas>>['adminAnswers'];

/** Loads the schemas of the admin API with the first answer, because the extension starts without zod. */
export function loadSchemas() {
  return import('../../shared/schemas/adminApi.ts');
}

/** Parses an answer. Throws if it does not match the schema, as from another version. */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
): z.output<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new Error(
    `This version cannot read the emulator's answer: ${path.join('.') || 'answer'}: ${message}. Stop the emulator and start it with this version.`,
  );
}

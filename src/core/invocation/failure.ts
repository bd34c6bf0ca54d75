import type { Failure } from '../../shared/chat/turn.ts';

/** What went wrong, as a person is told it. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error as Error;
  // What Node throws when none of a host name's addresses can be reached says nothing by itself.
  const causes = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return { name, message: message || causes.map((cause) => cause.message).join('; ') };
}

import type { Failure } from '../../shared/chat/turn.ts';
import { asMembers, parseJson } from './json.ts';

/** What went wrong, as a person is told it. */
export function describeFailure(error: unknown): Failure {
  const { name, message } = error as Error;
  // What Node throws when none of a host name's addresses can be reached says nothing by itself.
  const causes = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return {
    name,
    message: withoutJson(message) || causes.map((cause) => cause.message).join('; '),
  };
}

/** A message that quotes JSON at its end, in words: nobody reads a traceback whose lines are `\n`. */
function withoutJson(message: string): string {
  const [, before, json] = /^(.*?: |)([[{].*)$/s.exec(message) ?? [];
  const value = json === undefined ? undefined : parseJson(json);
  return value === undefined ? message : `${before}${inWords(value)}`;
}

/** What by itself says that it is what went wrong. */
const PLAIN: ReadonlySet<string> = new Set(['error', 'message', 'detail']);

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  const members = Object.entries(asMembers(value) ?? {});
  const [only, another] = members;
  if (!only) return JSON.stringify(value, null, 2);
  if (!another && PLAIN.has(only[0])) return inWords(only[1]);
  return members.map(([name, one]) => `\n${name}: ${inWords(one)}`).join('');
}

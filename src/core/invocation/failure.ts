import type { Failure } from '../../shared/chat/turn.ts';
import { asMembers, parseJson } from './json.ts';

/** Formats an error for users. */
export function describeFailure(error: unknown): Failure {
  const { name, message } = error as Error;
  // Node's error for a host without a reachable address has no message of its own.
  const causes = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return {
    name,
    message: formatMessage(message) || causes.map((cause) => cause.message).join('; '),
  };
}

/** Formats JSON at the end of a message as text, so that a traceback in it has line breaks. */
function formatMessage(message: string): string {
  const [, before, json] = /^(.*?: |)([[{].*)$/s.exec(message) ?? [];
  const value = json === undefined ? undefined : parseJson(json);
  return value === undefined ? message : `${before}${formatValue(value)}`;
}

/** Member names that add nothing to their value. */
const UNLABELED: ReadonlySet<string> = new Set(['error', 'message', 'detail']);

function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  const members = Object.entries(asMembers(value) ?? {});
  const [only, another] = members;
  if (!only) return JSON.stringify(value, null, 2);
  if (!another && UNLABELED.has(only[0])) return formatValue(only[1]);
  return members.map(([name, one]) => `\n${name}: ${formatValue(one)}`).join('');
}

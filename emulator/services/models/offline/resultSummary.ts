import { describeMedia } from './mediaSummary.ts';
import { isRecord } from './schema/jsonValue.ts';
import type { AnsweredCall } from './conversation.ts';
import type { ToolResultBlock } from '../modelRequest.ts';

const MAX_RESULT = 600;
const MAX_FIELDS = 12;
const MAX_ITEMS = 5;

/** Summarizes the results of tools as plain text. */
export function summarizeResults(calls: readonly AnsweredCall[]): string {
  const lines = calls.flatMap(({ use, result }) =>
    result ? [describeResult(use.name, result)] : [],
  );
  const [only] = lines;
  return lines.length === 1 ? only! : lines.map((line) => `- ${line}`).join('\n');
}

function describeResult(name: string, { content, isError }: ToolResultBlock): string {
  const parts = content.map((part) =>
    part.type === 'text' ? describeText(part.text) : describeMedia(part),
  );
  const result = shorten(parts.filter((part) => part !== '').join(' '), MAX_RESULT);
  if (isError) return `${name} failed: ${result || 'no reason given.'}`;
  return result === '' ? `${name} returned nothing.` : `${name} returned ${result}`;
}

function describeText(text: string): string {
  const trimmed = text.trim();
  if (!/^[[{"]/.test(trimmed)) return trimmed;
  try {
    return describeValue(JSON.parse(trimmed), 0);
  } catch {
    return trimmed;
  }
}

function describeValue(value: unknown, depth: number): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'no items';
    const items = value.slice(0, MAX_ITEMS).map((item) => describeValue(item, depth + 1));
    const more = value.length > MAX_ITEMS ? `; and ${value.length - MAX_ITEMS} more` : '';
    return value.length === 1 ? items[0]! : `${value.length} items: ${items.join('; ')}${more}`;
  }
  if (!isRecord(value)) return String(value);
  const fields = Object.entries(value);
  if (fields.length === 0) return 'an empty object';
  const [[, only] = []] = fields;
  // Frameworks wrap plain results: {"result": "18 °C"}.
  if (fields.length === 1 && typeof only === 'string') return only;
  if (depth > 2) return JSON.stringify(value);
  const shown = fields
    .slice(0, MAX_FIELDS)
    .map(([key, field]) => `${key.replaceAll('_', ' ')}: ${describeValue(field, depth + 1)}`);
  const text = shown.join(', ') + (fields.length > MAX_FIELDS ? ', …' : '');
  return depth === 0 ? text : `(${text})`;
}

/** Truncates text to a length, with an ellipsis. */
export function shorten(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).trimEnd()}…`;
}

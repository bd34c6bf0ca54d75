import { formatSize } from '../../../shared/formatSize.ts';
import type { StreamEvent } from '../answer.ts';
import { asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import { base64Size } from '../images.ts';
import { prettyJson } from '../text.ts';

/** A part of a message or of an artifact. */
export interface A2aPart {
  /** By which it is known again when it is told once more. */
  readonly told: string;
  readonly event: StreamEvent & { type: 'text' | 'data' | 'notice' };
}

/** The parts in a list of A2A's, of its version 0.3 and of 1.0. */
export function readParts(list: unknown): readonly A2aPart[] {
  return elementsOf(list).map((one) => {
    const part = membersOf(one);
    const { data } = part;
    const text = asString(part['text']);
    if (text !== null) return { told: text, event: { type: 'text', text } };
    if (data !== undefined) {
      const json = prettyJson(data);
      return { told: json, event: { type: 'data', json } };
    }
    return { told: prettyJson(part), event: { type: 'notice', text: fileInWords(part) } };
  });
}

/** By which parts are known again when all of them are told once more. */
export function fingerprintParts(parts: readonly A2aPart[]): string {
  return parts.map(({ told }) => told).join('');
}

/** What parts say after so many characters of what they tell. */
export function eventsAfterOffset(parts: readonly A2aPart[], known: number): StreamEvent[] {
  let rest = known;
  return parts.flatMap(({ told, event }): StreamEvent[] => {
    const cut = Math.min(rest, told.length);
    rest -= cut;
    if (cut === told.length) return [];
    return event.type === 'text' ? [{ type: 'text', text: told.slice(cut) }] : [event];
  });
}

/** Up to 0.3 a file was an object of its own. */
function fileInWords(part: JsonMembers): string {
  const file = membersOf(part['file'] ?? part);
  const name = asString(file['filename']) || asString(file['name']);
  const type = asString(file['mediaType']) || asString(file['mimeType']);
  const bytes = asString(file['raw']) ?? asString(file['bytes']);
  const address = asString(file['url']) ?? asString(file['uri']);
  const about = [type || [], bytes === null ? [] : formatSize(base64Size(bytes))].flat();
  return [
    `The agent sent ${name ? `the file ${name}` : 'a file'}`,
    about.length === 0 ? '' : ` (${about.join(', ')})`,
    address === null ? '' : `, which is at ${address}`,
    '.',
  ].join('');
}

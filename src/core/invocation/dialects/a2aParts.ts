import { formatSize } from '../../../shared/formatSize.ts';
import type { StreamEvent } from '../answer.ts';
import { asString, readElements, readMembers, type JsonMembers } from '../json.ts';
import { base64Size } from '../images.ts';
import { prettyJson } from '../text.ts';

/** A part of an A2A message or artifact. */
export interface A2aPart {
  /** Recognizes the part when it is sent again. */
  readonly fingerprint: string;
  readonly event: StreamEvent & { type: 'text' | 'data' | 'notice' };
}

/** Reads a list of parts, of A2A 0.3 or 1.0. */
export function readParts(list: unknown): readonly A2aPart[] {
  return readElements(list).map((one) => {
    const part = readMembers(one);
    const { data } = part;
    const text = asString(part['text']);
    if (text !== null) return { fingerprint: text, event: { type: 'text', text } };
    if (data !== undefined) {
      const json = prettyJson(data);
      return { fingerprint: json, event: { type: 'data', json } };
    }
    return { fingerprint: prettyJson(part), event: { type: 'notice', text: describeFile(part) } };
  });
}

/** Joins the fingerprints of parts, to recognize parts that are sent again. */
export function fingerprintParts(parts: readonly A2aPart[]): string {
  return parts.map(({ fingerprint }) => fingerprint).join('');
}

/** Returns the events of parts without the first `offset` characters of their fingerprints. */
export function eventsAfterOffset(parts: readonly A2aPart[], offset: number): StreamEvent[] {
  let rest = offset;
  return parts.flatMap(({ fingerprint, event }): StreamEvent[] => {
    const cut = Math.min(rest, fingerprint.length);
    rest -= cut;
    if (cut === fingerprint.length) return [];
    return event.type === 'text' ? [{ type: 'text', text: fingerprint.slice(cut) }] : [event];
  });
}

// In A2A 0.3 a file is an object of its own; in 1.0 its fields are those of the part.
function describeFile(part: JsonMembers): string {
  const file = readMembers(part['file'] ?? part);
  const name = asString(file['filename']) || asString(file['name']);
  const type = asString(file['mediaType']) || asString(file['mimeType']);
  const bytes = asString(file['raw']) ?? asString(file['bytes']);
  const url = asString(file['url']) ?? asString(file['uri']);
  const details = [type || [], bytes === null ? [] : formatSize(base64Size(bytes))].flat();
  return [
    `The agent sent ${name ? `the file ${name}` : 'a file'}`,
    details.length === 0 ? '' : ` (${details.join(', ')})`,
    url === null ? '.' : `: ${url}`,
  ].join('');
}

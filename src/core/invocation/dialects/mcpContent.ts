import { formatSize } from '../../../shared/formatSize.ts';
import type { StreamEvent } from '../answer.ts';
import { asString, elementsOf, membersOf, parseJson } from '../json.ts';
import { base64Size, imageMarkdown } from '../images.ts';
import { prettyJson } from '../text.ts';

/** What a tool of MCP gave back, each block as what it is. */
export function contentEvents(content: unknown, structured: unknown): StreamEvent[] {
  const blocks = elementsOf(content);
  const isSaid = structured === undefined || blocks.some((block) => says(block, structured));
  const events = isSaid ? blocks.map(eventOf) : [...blocks.map(eventOf), dataOf(structured)];
  let isFirst = true;
  return events.flatMap((event): StreamEvent[] => {
    if (event.type !== 'text') return [event];
    const before = isFirst ? '' : '\n\n';
    isFirst &&= event.text === '';
    return event.text === '' ? [] : [{ type: 'text', text: before + event.text }];
  });
}

function eventOf(block: unknown): StreamEvent {
  const { type, text, data, mimeType } = membersOf(block);
  if (type === 'text' && typeof text === 'string') return { type, text };
  if (type !== 'image' || typeof data !== 'string') return dataOf(block);
  const mediaType = asString(mimeType) ?? 'image/png';
  const picture = imageMarkdown(mediaType, data);
  if (picture !== null) return { type: 'text', text: picture };
  const about = `${mediaType}, ${formatSize(base64Size(data))}`;
  return { type: 'notice', text: `The tool gave an image (${about}), which cannot be shown.` };
}

function dataOf(value: unknown): StreamEvent {
  return { type: 'data', json: prettyJson(value) };
}

/** Servers say what is structured as text, too, for clients that do not know it; a sole result bare. */
function says(block: unknown, structured: unknown): boolean {
  const text = asString(membersOf(block)['text']);
  if (text === null) return false;
  const members = membersOf(structured);
  const isResult = Object.keys(members).join() === 'result';
  if (isResult && text === members['result']) return true;
  const said = JSON.stringify(parseJson(text));
  return (
    said === JSON.stringify(structured) || (isResult && said === JSON.stringify(members['result']))
  );
}

import { formatSize } from '../../../shared/formatSize.ts';
import type { StreamEvent } from '../answer.ts';
import { asString, readElements, readMembers, parseJson } from '../json.ts';
import { base64Size, imageMarkdown } from '../images.ts';
import { prettyJson } from '../text.ts';

/** Reads the result of an MCP tool, one event for each block. */
export function contentEvents(content: unknown, structured: unknown): StreamEvent[] {
  const blocks = readElements(content);
  const isRepeated = structured === undefined || blocks.some((block) => repeats(block, structured));
  const events = isRepeated
    ? blocks.map(blockEvent)
    : [...blocks.map(blockEvent), dataEvent(structured)];
  let isFirst = true;
  return events.flatMap((event): StreamEvent[] => {
    if (event.type !== 'text') return [event];
    const separator = isFirst ? '' : '\n\n';
    isFirst &&= event.text === '';
    return event.text === '' ? [] : [{ type: 'text', text: separator + event.text }];
  });
}

function blockEvent(block: unknown): StreamEvent {
  const { type, text, data, mimeType } = readMembers(block);
  if (type === 'text' && typeof text === 'string') return { type, text };
  if (type !== 'image' || typeof data !== 'string') return dataEvent(block);
  const mediaType = asString(mimeType) ?? 'image/png';
  const markdown = imageMarkdown(mediaType, data);
  if (markdown !== null) return { type: 'text', text: markdown };
  const details = `${mediaType}, ${formatSize(base64Size(data))}`;
  return {
    type: 'notice',
    text: `The tool returned an image (${details}), which cannot be shown.`,
  };
}

function dataEvent(value: unknown): StreamEvent {
  return { type: 'data', json: prettyJson(value) };
}

/** True if a text block repeats the structured content, or its only member `result`, for older clients. */
function repeats(block: unknown, structured: unknown): boolean {
  const text = asString(readMembers(block)['text']);
  if (text === null) return false;
  const members = readMembers(structured);
  const hasOnlyResult = Object.keys(members).join() === 'result';
  if (hasOnlyResult && text === members['result']) return true;
  const parsed = JSON.stringify(parseJson(text));
  return (
    parsed === JSON.stringify(structured) ||
    (hasOnlyResult && parsed === JSON.stringify(members['result']))
  );
}

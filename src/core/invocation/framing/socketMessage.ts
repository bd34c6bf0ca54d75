import { MAX_EVENT_LENGTH, type Frame } from './frame.ts';
import { chooseFraming } from './framing.ts';

/** Cuts a text message of a WebSocket into frames. It may have JSON, JSON lines, events or text. */
export function frameMessage(message: string): Frame[] {
  const framing = chooseFraming('');
  const frames = [...framing.push(message), ...framing.end()];
  if (frames.every(({ type }) => type === 'event')) return frames;
  return [
    {
      type: 'event',
      name: undefined,
      data: message.slice(0, MAX_EVENT_LENGTH),
      cut: Math.max(0, message.length - MAX_EVENT_LENGTH),
    },
  ];
}

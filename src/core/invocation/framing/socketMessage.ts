import { LONGEST_EVENT, type Frame } from './frame.ts';
import { chooseFraming } from './framing.ts';

/** What a text message of a web socket holds: agents put JSON, events or words into one. */
export function frameMessage(message: string): Frame[] {
  const framing = chooseFraming('');
  const frames = [...framing.push(message), ...framing.end()];
  if (frames.every(({ type }) => type === 'event')) return frames;
  return [
    {
      type: 'event',
      name: undefined,
      data: message.slice(0, LONGEST_EVENT),
      cut: Math.max(0, message.length - LONGEST_EVENT),
    },
  ];
}

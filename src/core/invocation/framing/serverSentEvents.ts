import { MAX_EVENT_LENGTH, type Frame, type Framing } from './frame.ts';
import { createLineSplitter, type TextLine } from './lineSplitter.ts';

/**
 * Cuts server-sent events by the rules of the HTML standard, and reads their `event` and `data`. The
 * package `eventsource-parser`, which reads the emulator's streams, does not limit an event's length.
 */
export function createServerSentEvents(): Framing {
  const lines = createLineSplitter();
  let name: string | undefined;
  let data: string | null = null;
  let cut = 0;

  function take(): Frame[] {
    const frames: Frame[] = data === null ? [] : [{ type: 'event', name, data, cut }];
    name = undefined;
    data = null;
    cut = 0;
    return frames;
  }

  function read(line: TextLine): Frame[] {
    if (line.text === '') return take();
    const [, field = '', value = ''] = /^([^:]*):? ?([^]*)$/.exec(line.text) ?? [];
    if (field === 'event') name = value;
    if (field !== 'data') return [];
    const more: string = data === null ? value : `\n${value}`;
    const kept = more.slice(0, MAX_EVENT_LENGTH - (data?.length ?? 0));
    data = (data ?? '') + kept;
    cut += more.length - kept.length + line.cut;
    return [];
  }

  return {
    push: (text) => lines.push(text).flatMap(read),
    // The last event is read without its blank line too.
    end: () => [...lines.end().flatMap(read), ...take()],
  };
}

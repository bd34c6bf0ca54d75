import { LONGEST_EVENT, type Frame, type Framing } from './frame.ts';
import { createLineSplitter, type TextLine } from './lineSplitter.ts';

/**
 * Server-sent events, by the rules of the HTML standard; of their fields, `event` and `data`. The
 * package that reads our own streams keeps an event however long it is; an agent's may have no end.
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
    const kept = more.slice(0, LONGEST_EVENT - (data?.length ?? 0));
    data = (data ?? '') + kept;
    cut += more.length - kept.length + line.cut;
    return [];
  }

  return {
    push: (text) => lines.push(text).flatMap(read),
    // An agent that forgets the last blank line has still said what it said.
    end: () => [...lines.end().flatMap(read), ...take()],
  };
}

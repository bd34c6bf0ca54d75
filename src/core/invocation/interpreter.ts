import { END_OF_ANSWER, type StreamEvent } from './answer.ts';
import { dialects } from './dialects/dialects.ts';
import type { Frame } from './framing/frame.ts';
import { LONGEST_EVENT } from './framing/frame.ts';
import { createGrowingText } from './growingText.ts';
import { asMembers, membersOf, parseJson } from './json.ts';
import { readPythonLiteral } from './pythonLiteral.ts';
import { formatCharacterCount } from './characterCount.ts';
import { createUsageTotal } from './usageTotal.ts';
import { findText, prettyJson, textOnly } from './text.ts';
import type { ToolUses } from './toolUses.ts';

/** Says what the frames of an answer mean. */
export interface FrameInterpreter {
  read(frame: Frame): StreamEvent[];
  end(): StreamEvent[];
}

/** Asks each dialect in turn; what none of them knows are words, or JSON to look at. */
export function createInterpreter(tools: ToolUses): FrameInterpreter {
  const growing = createGrowingText();
  const shared = { tools, growing, tally: createUsageTotal() };
  let saidBinary = false;
  let frames = 0;
  /** The first frame, where only its words are shown: where it is the whole answer, its fields are told of. */
  let shortened: StreamEvent | null = null;
  const spoken = dialects.map((create) => create(shared));

  function readKnown(value: unknown, name: string | undefined): StreamEvent[] | null {
    if (typeof value !== 'object' || value === null) return null;
    for (const dialect of spoken) {
      const events = dialect.read(value, name);
      if (events) return events;
    }
    return null;
  }

  function readValue(value: unknown, name: string | undefined): StreamEvent[] {
    const known = readKnown(value, name);
    if (known) return known;
    const failure = failureIn(value, name);
    if (failure) return [failure];
    if (typeof value === 'string') {
      // The Python SDK's last resort for what JSON cannot hold.
      const events = readKnown(readPythonLiteral(value), name);
      if (events) return events;
    }
    const found = findText(value);
    if (found) {
      const { leftOut } = found;
      if (frames === 1 && leftOut > 0) {
        shortened = { type: 'data', json: prettyJson(value), leftOut };
      }
      return text(found.isPiece ? growing.end() + found.text : growing.push(found.text));
    }
    const isData = asMembers(value) !== null || Array.isArray(value);
    return isData ? [{ type: 'data', json: prettyJson(value) }] : text(prettyJson(value));
  }

  /** What is nested deeper than a stack has room for is shown as it is. */
  function readData(data: string, name: string | undefined): StreamEvent[] {
    try {
      return readDocument(data, name);
    } catch (error) {
      if (error instanceof RangeError) return text(data);
      throw error;
    }
  }

  function readDocument(data: string, name: string | undefined): StreamEvent[] {
    // By this servers of OpenAI's protocols say that they are done.
    if (data === '[DONE]') return [END_OF_ANSWER];
    const value = parseJson(data);
    if (value !== undefined) return readValue(value, name);
    // Agents that forget the blank line between two events have put them into one.
    const values = data.includes('\n') ? data.split('\n').map(parseJson) : [undefined];
    if (values.every((one) => one !== undefined))
      return values.flatMap((one) => readValue(one, name));
    const failure = failureIn(data, name);
    return failure ? [failure] : text(data);
  }

  /** Once: of sound there are hundreds of messages in a minute. */
  function tellBinary(length: number): StreamEvent[] {
    if (saidBinary) return [];
    saidBinary = true;
    const bytes = `${length.toLocaleString('en')} bytes`;
    return [
      notice(
        `It sends binary messages, which are not shown. The first has ${bytes}; the raw events tell of all.`,
      ),
    ];
  }

  function readFrame(frame: Frame): StreamEvent[] {
    switch (frame.type) {
      case 'words':
        return text(frame.text);
      case 'binary':
        return frame.unit === 'bytes'
          ? tellBinary(frame.length)
          : [notice(`${formatCharacterCount(frame.length)} that are no text are not shown.`)];
      case 'event':
        return frame.cut === 0
          ? readData(frame.data, frame.name)
          : [notice(describeCut(frame.data, frame.cut))];
    }
  }

  /** What was held back because more might follow comes before what is of another kind. */
  function inOrder(events: StreamEvent[]): StreamEvent[] {
    const isOther = events.some(({ type }) => type !== 'text' && type !== 'usage');
    return isOther ? [...text(growing.end()), ...events] : events;
  }

  function tellLeftOut(): StreamEvent[] {
    // Of a stream's many events it would be noise.
    return shortened && frames === 1 ? [shortened] : [];
  }

  return {
    read(frame) {
      frames += 1;
      return inOrder(readFrame(frame));
    },
    end: () => [...text(growing.end()), ...tellLeftOut()],
  };
}

/** What both SDKs send in mid-stream, because the status line has long been sent. */
function failureIn(value: unknown, name: string | undefined): StreamEvent | null {
  const { error, error_type: type } = membersOf(value);
  if (name === 'error') {
    const message = typeof error === 'string' ? error : (textOnly(value) ?? prettyJson(value));
    return { type: 'failure', failure: { name: 'Error in the stream', message } };
  }
  if (typeof error !== 'string' || typeof type !== 'string') return null;
  return { type: 'failure', failure: { name: type, message: error } };
}

function describeCut(data: string, cut: number): string {
  const whole = formatCharacterCount(data.length + cut);
  const kept = formatCharacterCount(LONGEST_EVENT);
  return `An event of ${whole} is not shown: of one no more than ${kept} are read. It begins with ${data.slice(0, 80)}…`;
}

function notice(words: string): StreamEvent {
  return { type: 'notice', text: words };
}

function text(words: string): StreamEvent[] {
  return words === '' ? [] : [{ type: 'text', text: words }];
}

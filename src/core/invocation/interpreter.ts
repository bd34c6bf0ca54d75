import { END_OF_ANSWER, type StreamEvent } from './answer.ts';
import { dialects } from './dialects/dialects.ts';
import type { Frame } from './framing/frame.ts';
import { MAX_EVENT_LENGTH } from './framing/frame.ts';
import { createGrowingText } from './growingText.ts';
import { asMembers, readMembers, parseJson } from './json.ts';
import { readPythonLiteral } from './pythonLiteral.ts';
import { formatCharacterCount } from './characterCount.ts';
import { createUsageTotal } from './usageTotal.ts';
import { findText, prettyJson, textOnly } from './text.ts';
import type { ToolUses } from './toolUses.ts';

/** Interprets the frames of an answer. */
export interface FrameInterpreter {
  read(frame: Frame): StreamEvent[];
  end(): StreamEvent[];
}

/** Creates the interpreter of one answer. A frame of no known dialect is shown as text or JSON. */
export function createInterpreter(tools: ToolUses): FrameInterpreter {
  const growing = createGrowingText();
  const shared = { tools, growing, usageTotal: createUsageTotal() };
  let hasReportedBinary = false;
  let frames = 0;
  /** The first frame, if only its text is shown. Its other fields are shown if it is the whole answer. */
  let firstData: StreamEvent | null = null;
  const readers = dialects.map((create) => create(shared));

  function readKnown(value: unknown, name: string | undefined): StreamEvent[] | null {
    if (typeof value !== 'object' || value === null) return null;
    for (const dialect of readers) {
      const events = dialect.read(value, name);
      if (events) return events;
    }
    return null;
  }

  function readValue(value: unknown, name: string | undefined): StreamEvent[] {
    const known = readKnown(value, name);
    if (known) return known;
    const failure = readFailure(value, name);
    if (failure) return [failure];
    if (typeof value === 'string') {
      // The Python SDK sends the repr of a value that JSON cannot represent.
      const events = readKnown(readPythonLiteral(value), name);
      if (events) return events;
    }
    const found = findText(value);
    if (found) {
      const { leftOut } = found;
      if (frames === 1 && leftOut > 0) {
        firstData = { type: 'data', json: prettyJson(value), leftOut };
      }
      return text(found.isPiece ? growing.end() + found.text : growing.push(found.text));
    }
    const isData = asMembers(value) !== null || Array.isArray(value);
    return isData ? [{ type: 'data', json: prettyJson(value) }] : text(prettyJson(value));
  }

  /** Data that is nested too deeply for the stack is shown unchanged. */
  function readData(data: string, name: string | undefined): StreamEvent[] {
    try {
      return readDocument(data, name);
    } catch (error) {
      if (error instanceof RangeError) return text(data);
      throw error;
    }
  }

  function readDocument(data: string, name: string | undefined): StreamEvent[] {
    // Servers of OpenAI's protocols end a stream with this event.
    if (data === '[DONE]') return [END_OF_ANSWER];
    const value = parseJson(data);
    if (value !== undefined) return readValue(value, name);
    // Without a blank line between them, several events become one.
    const values = data.includes('\n') ? data.split('\n').map(parseJson) : [undefined];
    if (values.every((one) => one !== undefined))
      return values.flatMap((one) => readValue(one, name));
    const failure = readFailure(data, name);
    return failure ? [failure] : text(data);
  }

  /** Reports binary messages once; an audio stream has hundreds of them a minute. */
  function reportBinary(length: number): StreamEvent[] {
    if (hasReportedBinary) return [];
    hasReportedBinary = true;
    const bytes = `${length.toLocaleString('en')} bytes`;
    return [
      notice(
        `The agent sends binary messages, which are not shown. The first has ${bytes}. The raw events list all of them.`,
      ),
    ];
  }

  function readFrame(frame: Frame): StreamEvent[] {
    switch (frame.type) {
      case 'text':
        return text(frame.text);
      case 'binary':
        return frame.unit === 'bytes'
          ? reportBinary(frame.length)
          : [
              notice(
                `The answer is not text: ${formatCharacterCount(frame.length)} are not shown.`,
              ),
            ];
      case 'event':
        return frame.cut === 0
          ? readData(frame.data, frame.name)
          : [notice(describeCut(frame.data, frame.cut))];
    }
  }

  /** Text that was held back comes before an event of another kind. */
  function inOrder(events: StreamEvent[]): StreamEvent[] {
    const isOther = events.some(({ type }) => type !== 'text' && type !== 'usage');
    return isOther ? [...text(growing.end()), ...events] : events;
  }

  function reportOtherFields(): StreamEvent[] {
    // Repeating it for each event of a stream would be noise.
    return firstData && frames === 1 ? [firstData] : [];
  }

  return {
    read(frame) {
      frames += 1;
      return inOrder(readFrame(frame));
    },
    end: () => [...text(growing.end()), ...reportOtherFields()],
  };
}

/** Reads the failure that AgentCore's SDKs send within a stream, after its status. */
function readFailure(value: unknown, name: string | undefined): StreamEvent | null {
  const { error, error_type: type } = readMembers(value);
  if (name === 'error') {
    const message = typeof error === 'string' ? error : (textOnly(value) ?? prettyJson(value));
    return { type: 'failure', failure: { name: 'Error in the stream', message } };
  }
  if (typeof error !== 'string' || typeof type !== 'string') return null;
  return { type: 'failure', failure: { name: type, message: error } };
}

function describeCut(data: string, cut: number): string {
  const whole = formatCharacterCount(data.length + cut);
  const kept = formatCharacterCount(MAX_EVENT_LENGTH);
  return `An event of ${whole} is not shown. The limit is ${kept}. It starts with ${data.slice(0, 80)}…`;
}

function notice(message: string): StreamEvent {
  return { type: 'notice', text: message };
}

function text(content: string): StreamEvent[] {
  return content === '' ? [] : [{ type: 'text', text: content }];
}

import type { ReadyMessage } from '../../shared/emulator.ts';

/** A line of the emulator's log, as `--log-format json` writes it. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** The command's one line about why it cannot run begins so. */
const COMPLAINT = 'agentcore-emulator: ';

/** Reads a line of standard error; what is no line of the log is a warning of Node or a crash. */
export function readLogLine(line: string): LogLine {
  const { level, message } = parse<LogLine>(line);
  return level && message !== undefined ? { level, message } : { level: 'warn', message: line };
}

/** Why the emulator cannot run, if the line says that. */
export function readComplaint(line: string): string | null {
  return line.startsWith(COMPLAINT) ? line.slice(COMPLAINT.length) : null;
}

/** Where the emulator serves, if the line says that it does. */
export function readReady(line: string): string | null {
  const { type, url } = parse<ReadyMessage>(line);
  return type === 'ready' ? (url ?? null) : null;
}

function parse<Message>(line: string): Partial<Message> {
  try {
    return JSON.parse(line) as Partial<Message>;
  } catch {
    return {};
  }
}

import type { ReadyMessage } from '../../shared/emulator.ts';

/** What the emulator logged, as `--log-format json` writes it. */
export interface LogMessage {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** The command's one line about why it cannot run begins so. */
const COMPLAINT = 'agentcore-emulator: ';

/** Reads a line of standard error; what is no line of the log is a warning of Node or a crash. */
export function readLogLine(line: string): LogMessage {
  const { level, message } = parse(line);
  return isLevel(level) && typeof message === 'string'
    ? { level, message }
    : { level: 'warn', message: line };
}

function isLevel(level: unknown): level is LogMessage['level'] {
  return level === 'info' || level === 'warn' || level === 'error';
}

/** Why the emulator cannot run, if the line says that; without a period, which the sentence around it has. */
export function readComplaint(line: string): string | null {
  return line.startsWith(COMPLAINT) ? line.slice(COMPLAINT.length).replace(/\.$/, '') : null;
}

/** That the emulator serves, if the line says so. */
export function readReady(line: string): ReadyMessage | null {
  const { type, url, pid } = parse(line);
  return type === 'ready' && typeof url === 'string' && typeof pid === 'number'
    ? { type, url, pid }
    : null;
}

/** The line's object; nothing of it is certain, for anybody may print anything. */
function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(line) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}

import type { ReadyMessage } from '../../shared/emulator.ts';

/** A log message of the emulator, as `--log-format json` prints it. */
export interface LogMessage {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Prefix of the line that explains why the emulator cannot start. */
const ERROR_PREFIX = 'agentcore-emulator: ';

/** Reads a line of standard error. Other output, such as Node's warnings or a crash, is a warning. */
export function readLogLine(line: string): LogMessage {
  const { level, message } = parse(line);
  return isLevel(level) && typeof message === 'string'
    ? { level, message }
    : { level: 'warn', message: line };
}

function isLevel(level: unknown): level is LogMessage['level'] {
  return level === 'info' || level === 'warn' || level === 'error';
}

/** Reads why the emulator cannot start, without the final period; null for any other line. */
export function readStartError(line: string): string | null {
  return line.startsWith(ERROR_PREFIX) ? line.slice(ERROR_PREFIX.length).replace(/\.$/, '') : null;
}

/** Reads the ready message; null for any other line. */
export function readReady(line: string): ReadyMessage | null {
  const { type, url, pid } = parse(line);
  return type === 'ready' && typeof url === 'string' && typeof pid === 'number'
    ? { type, url, pid }
    : null;
}

// The line may come from any code that runs in the process.
function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(line) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}

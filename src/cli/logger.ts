import type { Logger } from '../../emulator/index.ts';
import { createBacklog } from '../shared/backlog.ts';

/** Characters of log that are buffered while standard error is not read. */
const MOST_WAITING = 1_000_000;

/** Logs to standard error: text for people, or JSON Lines for programs. */
export function createLogger(format: 'text' | 'json'): Logger {
  const waiting = createBacklog<string>(MOST_WAITING, ({ length }) => length);
  let isBlocked = false;

  function send(text: string): void {
    isBlocked = !process.stderr.write(text);
    if (isBlocked) process.stderr.once('drain', resume);
  }

  function resume(): void {
    isBlocked = false;
    const { items, dropped } = waiting.take();
    if (items.length === 0) return;
    const notice = `… ${dropped} lines dropped, because standard error was not read`;
    send((dropped > 0 ? formatLine(format, 'warn', notice) : '') + items.join(''));
  }

  const write = (level: string) => (message: string) => {
    const line = formatLine(format, level, message);
    if (isBlocked) waiting.add(line);
    else send(line);
  };
  return { debug() {}, info: write('info'), warn: write('warn'), error: write('error') };
}

function formatLine(format: 'text' | 'json', level: string, message: string): string {
  const time = new Date().toISOString();
  return format === 'json'
    ? `${JSON.stringify({ time, level, message })}\n`
    : `${time.slice(11, 19)} ${level.padEnd(5)} ${message}\n`;
}

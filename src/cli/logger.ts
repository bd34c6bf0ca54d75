import type { Logger } from '../../emulator/log.ts';

/** Logs to standard error: text for people, or JSON Lines for programs. */
export function createLogger(format: 'text' | 'json'): Logger {
  const write = (level: string) => (message: string) => {
    const time = new Date().toISOString();
    process.stderr.write(
      format === 'json'
        ? `${JSON.stringify({ time, level, message })}\n`
        : `${time.slice(11, 19)} ${level.padEnd(5)} ${message}\n`,
    );
  };
  return { debug() {}, info: write('info'), warn: write('warn'), error: write('error') };
}

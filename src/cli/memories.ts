import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { ImportError } from '../../emulator/services/memory/transfer/lines.ts';
import { StorageError } from '../../emulator/storage/storage.ts';
import { summaryOf } from '../shared/importSummary.ts';
import { TargetError } from './findTarget.ts';
import { findMemories, type KeptMemories } from './keptMemories.ts';
import { UsageError } from './usage.ts';

const helpOnOptions = `
  --data DIR           the data folder (default: .agentcore of this folder or one above)
  --endpoint URL       the emulator, where it keeps nothing or is elsewhere
  --help
`;

const helpOnExport = `Usage: agentcore-emulator export [FILE] [options]

Writes all that is remembered as lines of JSON, one record a line: memories, sessions, events and
the records of long-term memory, beside an emulator or without one. What has expired is left out.

  FILE                 where to (default: standard output); replaced when all is written
${helpOnOptions}`;

const helpOnImport = `Usage: agentcore-emulator import FILE [options]

Takes in lines as export writes them, all or none, beside an emulator or without one. What is there
already stays as it is, so that the same file may be imported again.

  FILE                 the lines; - reads them from standard input
${helpOnOptions}`;

const options = {
  data: { type: 'string' },
  endpoint: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The exit code of shells for SIGPIPE. */
const NOBODY_READS = 141;

/** `agentcore-emulator export`: all memories as lines of JSON. */
export async function exportMemories(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) return print(helpOnExport);
  const [file] = positionals;
  if (positionals.length > 1) {
    throw new UsageError(`export takes one file, not ${positionals.join(' and ')}`);
  }
  return withMemories(values, async (memories) => {
    await memories.export((lines) =>
      file === undefined
        ? pipeline(Readable.from(lines), process.stdout, { end: false })
        : writeWhole(lines, file),
    );
  });
}

/** `agentcore-emulator import`: memories from lines of JSON. */
export async function importMemories(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) return print(helpOnImport);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new UsageError('import takes one file, as in: import memories.jsonl');
  }
  return withMemories(values, async (memories) => {
    const lines = file === '-' ? process.stdin : (await open(file)).createReadStream();
    try {
      print(`${memories.place}: ${summaryOf(await memories.import(lines))}\n`);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      throw new TargetError(`${file === '-' ? 'standard input' : file}: ${error.message}`);
    }
  });
}

async function withMemories(
  choice: { readonly data?: string; readonly endpoint?: string },
  use: (memories: KeptMemories) => Promise<void>,
): Promise<number> {
  try {
    await use(await findMemories(choice));
    return 0;
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return NOBODY_READS;
    const isKnown = error instanceof TargetError || error instanceof StorageError;
    if (!isKnown && syscall === undefined) throw error;
    process.stderr.write(`agentcore-emulator: ${message}\n`);
    return 1;
  }
}

/** What stood there before stands there until all is written. */
async function writeWhole(lines: AsyncIterable<Uint8Array | string>, file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    // What agents were told is nobody else's.
    await pipeline(Readable.from(lines), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

function parse(args: string[]) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (parsed.values.data === undefined || parsed.values.endpoint === undefined) return parsed;
    throw new UsageError('--data and --endpoint exclude each other');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Node's own sentences name the option; the hint after them speaks of something else.
    throw new UsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

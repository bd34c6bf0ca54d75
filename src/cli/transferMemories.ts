import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImportError, StorageError } from '../../emulator/index.ts';
import { describeExport, describeImport } from '../shared/importSummary.ts';
import { defineCommand, option, type OptionValues } from './command.ts';
import { createLineCounter } from './lineCounter.ts';
import { findMemoryStore, type MemoryFile } from './memoryStore.ts';
import { text, url } from './optionValues.ts';
import { TargetError } from './targetError.ts';

const options = {
  data: option('DIR', 'Data folder (default: .agentcore in this folder or a parent folder).', text),
  endpoint: option('URL', 'Emulator to use if it is ephemeral or runs for another folder.', url),
};

type Location = OptionValues<typeof options>;

/** The exit code of shells for SIGPIPE. */
const OUTPUT_CLOSED = 141;

/** `agentcore-emulator export`: writes all memories as JSON Lines. */
export const exportMemories = defineCommand({
  name: 'export',
  summary: 'Export memories as JSON Lines.',
  description:
    'Writes memories, sessions, events and long-term memory records as JSON Lines, with or without a running emulator. Expired records are omitted.',
  arguments: [
    {
      name: 'FILE',
      isOptional: true,
      description:
        'File to write (default: standard output). It is replaced when the export is complete.',
    },
  ],
  options,
  conflicts: [['data', 'endpoint']],
  run: (location: Location, [file]) =>
    withMemoryStore(location, (memories) =>
      memories.export((lines) =>
        file === undefined
          ? pipeline(Readable.from(lines), process.stdout, { end: false })
          : exportToFile(file, lines),
      ),
    ),
});

/** `agentcore-emulator import`: reads memories from JSON Lines. */
export const importMemories = defineCommand({
  name: 'import',
  summary: 'Import memories from JSON Lines.',
  description:
    'Imports all lines of a file that export wrote, or none, with or without a running emulator. Existing records stay unchanged, so you can import a file again.',
  arguments: [{ name: 'FILE', description: 'File to read. Use - to read from standard input.' }],
  options,
  conflicts: [['data', 'endpoint']],
  run: (location: Location, [file = '-']) =>
    withMemoryStore(location, async (memories) => {
      const lines = file === '-' ? process.stdin : await openLines(file);
      try {
        const summary = describeImport(await memories.import(lines));
        process.stdout.write(`${memories.location}: ${summary}\n`);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
        throw new TargetError(`${file === '-' ? 'standard input' : file}: ${error.message}`);
      }
    }),
});

async function openLines(file: string): Promise<Readable> {
  const fix = 'Name a file that export wrote, or - for standard input.';
  const handle = await open(file).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new TargetError(
      code === 'ENOENT'
        ? `${file} does not exist. ${fix}`
        : `Cannot read ${file}: ${message}. ${fix}`,
    );
  });
  if (!(await handle.stat()).isDirectory()) return handle.createReadStream();
  await handle.close();
  throw new TargetError(`${file} is a folder. ${fix}`);
}

async function withMemoryStore(
  location: Location,
  use: (memories: MemoryFile) => Promise<void>,
): Promise<number> {
  try {
    await use(await findMemoryStore(location));
    return 0;
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return OUTPUT_CLOSED;
    const isExpected = error instanceof TargetError || error instanceof StorageError;
    if (!isExpected && syscall === undefined) throw error;
    process.stderr.write(`agentcore-emulator: ${message}\n`);
    return 1;
  }
}

async function exportToFile(
  file: string,
  lines: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const counter = createLineCounter();
  await replaceFile(file, counter.count(lines));
  process.stdout.write(`${file}: ${describeExport(counter.counts())}\n`);
}

/** Replaces a file in one step, so that a failed export leaves it unchanged. */
async function replaceFile(file: string, lines: AsyncIterable<Uint8Array | string>): Promise<void> {
  const part = `${file}.part`;
  try {
    // Conversations are private to their developer.
    await pipeline(Readable.from(lines), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

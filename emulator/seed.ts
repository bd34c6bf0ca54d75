import { createReadStream } from 'node:fs';
import { summaryOf } from '../src/shared/importSummary.ts';
import type { Logger } from './log.ts';
import type { MemoryLines } from './services/memory/memory.ts';
import { ImportError } from './services/memory/transfer/lines.ts';
import { OptionError } from './options.ts';

/** Sees to it that what a file says is remembered, before anybody asks for it. */
export async function sow(
  memory: Pick<MemoryLines, 'import'>,
  file: string,
  logger: Logger,
): Promise<void> {
  try {
    logger.info(`${file} has ${summaryOf(await memory.import(createReadStream(file)))}`);
  } catch (error) {
    if (error instanceof ImportError) throw new OptionError(`seed: ${file}: ${error.message}`);
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new OptionError(`seed: cannot read the file: ${message}`);
  }
}

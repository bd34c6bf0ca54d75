import { createReadStream } from 'node:fs';
import { describeImport } from '../../../src/shared/importSummary.ts';
import type { Logger } from '../../log.ts';
import { OptionError } from '../../optionError.ts';
import type { MemoryLines } from './lazyMemory.ts';
import { ImportError } from './transfer/lines.ts';

/** Imports a JSON Lines file before the emulator serves requests. */
export async function importSeed(
  memory: Pick<MemoryLines, 'import'>,
  file: string,
  logger: Logger,
): Promise<void> {
  try {
    logger.info(`Seed ${file}: ${describeImport(await memory.import(createReadStream(file)))}`);
  } catch (error) {
    if (error instanceof ImportError) throw new OptionError('seed', `${file}: ${error.message}`);
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new OptionError('seed', `cannot read the file: ${message}`);
  }
}

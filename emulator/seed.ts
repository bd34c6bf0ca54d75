import { createReadStream } from 'node:fs';
import type { Logger } from './log.ts';
import type { MemoryLines } from './memory/memory.ts';
import { ImportError } from './memory/transfer/lines.ts';
import { OptionError } from './options.ts';

/** Sees to it that what a file says is remembered, before anybody asks for it. */
export async function sow(
  memory: Pick<MemoryLines, 'import'>,
  file: string,
  logger: Logger,
): Promise<void> {
  try {
    const { added, alreadyThere } = await memory.import(createReadStream(file));
    logger.info(
      `${file} has added ${added.memories} memories, ${added.events} events and ${added.records} records; ${alreadyThere} were there already`,
    );
  } catch (error) {
    if (error instanceof ImportError) throw new OptionError(`seed: ${file}: ${error.message}`);
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new OptionError(`seed: cannot read the file: ${message}`);
  }
}

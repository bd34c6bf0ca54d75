import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { TemplateTable } from '../../../shared/payloadTemplate.ts';
import { payloadTemplate, type Templates } from './templates.ts';

const file = z.object({ version: z.literal(1), templates: z.record(z.string(), payloadTemplate) });

/** Opens the templates in a file, which is made with the first of them and replaced whole. */
export async function openTemplates(
  path: string,
  logger: { warn(message: string): void },
): Promise<Templates> {
  let work = Promise.resolve();
  return {
    first: await read(path, logger),
    keep(templates) {
      const text = `${JSON.stringify({ version: 1, templates }, null, 2)}\n`;
      work = work
        .then(() => write(path, text))
        .catch((error: unknown) => {
          logger.warn(`the payload templates are not kept: ${(error as Error).message}`);
        });
    },
    settled: () => work,
  };
}

async function read(path: string, logger: { warn(message: string): void }): Promise<TemplateTable> {
  try {
    return file.parse(JSON.parse(await readFile(path, 'utf8'))).templates;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    logger.warn(`the payload templates in ${path} cannot be read: ${(error as Error).message}`);
    // The next that is kept would take its place.
    await rename(path, `${path}.unreadable`).catch(() => {});
    return {};
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Whole or not at all, whenever the machine stops.
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

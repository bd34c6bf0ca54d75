import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { PayloadTemplate, TemplateTable } from '../../../shared/payloadTemplate.ts';
import { payloadTemplate, type TemplateStore } from './templateStore.ts';

const file = z.object({ version: z.literal(1), templates: z.record(z.string(), z.unknown()) });

/** Opens the templates in a file, which is made with the first of them and replaced whole. */
export async function openTemplateFile(
  path: string,
  logger: { warn(message: string): void },
): Promise<TemplateStore> {
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
  let templates: Record<string, unknown>;
  try {
    ({ templates } = file.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    logger.warn(`the payload templates in ${path} cannot be read: ${(error as Error).message}`);
    await putAside(path);
    return {};
  }
  const good: Record<string, PayloadTemplate> = {};
  for (const [agent, entry] of Object.entries(templates)) {
    const { data, error } = payloadTemplate.safeParse(entry);
    if (data) good[agent] = data;
    else {
      const [issue] = error.issues;
      const field = [agent, ...issue!.path].join('.');
      logger.warn(`a payload template in ${path} is left out: ${field}: ${issue!.message}`);
    }
  }
  if (Object.keys(good).length < Object.keys(templates).length) await putAside(path);
  return good;
}

/** Keeps what is there, whose place the next that is kept takes. */
async function putAside(path: string): Promise<void> {
  await copyFile(path, `${path}.unreadable`).catch(() => {});
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Whole or not at all, whenever the machine stops.
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

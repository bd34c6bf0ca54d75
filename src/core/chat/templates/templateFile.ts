import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { PayloadTemplate, TemplateTable } from '../../../shared/payloadTemplate.ts';
import { payloadTemplate } from '../../../shared/schemas/payloadTemplate.ts';
import type { TemplateStore } from './templateStore.ts';

const file = z.object({ version: z.literal(1), templates: z.record(z.string(), z.unknown()) });

/** Opens the templates in a file, which is created with the first one and always replaced whole. */
export async function openTemplateFile(
  path: string,
  logger: { warn(message: string): void },
): Promise<TemplateStore> {
  let work = Promise.resolve();
  return {
    first: await read(path, logger),
    save(templates) {
      const text = `${JSON.stringify({ version: 1, templates }, null, 2)}\n`;
      work = work
        .then(() => write(path, text))
        .catch((error: unknown) => {
          logger.warn(`The payload templates are not stored: ${(error as Error).message}`);
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
    logger.warn(`Cannot read the payload templates in ${path}: ${(error as Error).message}`);
    await copyUnreadable(path);
    return {};
  }
  const good: Record<string, PayloadTemplate> = {};
  for (const [agent, entry] of Object.entries(templates)) {
    const { data, error } = payloadTemplate.safeParse(entry);
    if (data) good[agent] = data;
    else {
      const [issue] = error.issues;
      const field = [agent, ...issue!.path].join('.');
      logger.warn(`Skipped a payload template in ${path}: ${field}: ${issue!.message}`);
    }
  }
  if (Object.keys(good).length < Object.keys(templates).length) await copyUnreadable(path);
  return good;
}

/** Copies an unreadable file, which the next write replaces. */
async function copyUnreadable(path: string): Promise<void> {
  await copyFile(path, `${path}.unreadable`).catch(() => {});
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Atomic, so that a crash never leaves a partial file.
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { removeFolder } from '../../../storage/removal.ts';
import type { S3Location } from './s3.ts';

/** Stores deployed code, unpacked once per content hash in the data folder. */
export interface CodeStore {
  /** Downloads and unpacks a zip from S3; returns its folder. */
  download(location: S3Location, signal: AbortSignal): Promise<string>;
  /** Returns the current path of a stored folder, since the data folder may have moved. */
  currentPath(folder: string): string;
  /** Removes all other folders. Nothing may be downloading. */
  keepOnly(folders: readonly string[]): Promise<void>;
}

/** Creates the store of a data folder. */
export function createCodeStore(dataFolder: string, region: string): CodeStore {
  const folder = join(dataFolder, 'deployed');

  return {
    async download(location, signal) {
      // Loaded on first use, so that the emulator's start does not wait for it.
      const [{ downloadObject }, { unzip }] = await Promise.all([
        import('./s3.ts'),
        import('./zip.ts'),
      ]);
      const temporary = join(folder, `incomplete-${randomUUID()}`);
      try {
        await mkdir(temporary, { recursive: true });
        const zip = join(temporary, 'code.zip');
        const target = join(folder, await downloadObject(location, zip, { region, signal }));
        if (await isFolder(target)) return target;
        const content = join(temporary, 'content');
        await unzip(zip, content, signal);
        await rename(content, target).catch(async (error: Error) => {
          // The same code may have been deployed twice at the same time.
          if (!(await isFolder(target))) throw error;
        });
        return target;
      } finally {
        await removeFolder(temporary);
      }
    },
    currentPath: (known) => join(folder, basename(known)),
    async keepOnly(folders) {
      const names = await readdir(folder).catch(() => []);
      const others = names.map((name) => join(folder, name)).filter((it) => !folders.includes(it));
      await Promise.all(others.map(removeFolder));
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { removeFolder } from '../../../storage/removal.ts';
import type { S3Location } from './s3.ts';

/** The code that was deployed, unpacked into the data folder, each content once. */
export interface CodeStore {
  /** The folder that holds what is in a zip of S3. */
  obtain(place: S3Location, signal: AbortSignal): Promise<string>;
  /** Where a folder of it is now: the data folder may have been moved. */
  placeOf(folder: string): string;
  /** Removes all but the given folders, as long as nothing is being obtained. */
  keepOnly(folders: readonly string[]): Promise<void>;
}

/** What is there by its content's hash. */
export function createCodeStore(dataFolder: string, region: string): CodeStore {
  const folder = join(dataFolder, 'deployed');

  return {
    async obtain(place, signal) {
      // Loaded when something is deployed: a start does not wait for it.
      const [{ downloadObject }, { unzip }] = await Promise.all([
        import('./s3.ts'),
        import('./zip.ts'),
      ]);
      const making = join(folder, `being-made-${randomUUID()}`);
      try {
        await mkdir(making, { recursive: true });
        const zip = join(making, 'code.zip');
        const target = join(folder, await downloadObject(place, zip, { region, signal }));
        if (await isFolder(target)) return target;
        const content = join(making, 'content');
        await unzip(zip, content, signal);
        await rename(content, target).catch(async (error: Error) => {
          // The same code may have been deployed twice at once.
          if (!(await isFolder(target))) throw error;
        });
        return target;
      } finally {
        await removeFolder(making);
      }
    },
    placeOf: (known) => join(folder, basename(known)),
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

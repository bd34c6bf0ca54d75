import * as z from 'zod';
import { filesystems, foreignFilesystems } from './filesystems.ts';

/** What a runtime may ask for in agentcore.json and does not get here, or not yet. */
export const declared = z.object({
  filesystemConfigurations: filesystems,
});

/** Says what of it has no effect, so that nobody takes silence for success. */
export function notEmulated({ filesystemConfigurations }: z.output<typeof declared>): string[] {
  return foreignFilesystems(filesystemConfigurations).map(
    (what) => `${what} is not emulated: there is nothing at that path`,
  );
}

import * as z from 'zod';
import { filesystems, unsupportedFilesystems } from './filesystems.ts';

/** What a runtime may ask for in agentcore.json and does not get here, or not yet. */
export const unsupportedFields = z.object({
  filesystemConfigurations: filesystems,
});

/** Says what of it has no effect, so that nobody takes silence for success. */
export function notEmulated({
  filesystemConfigurations,
}: z.output<typeof unsupportedFields>): string[] {
  return unsupportedFilesystems(filesystemConfigurations).map(
    (what) => `${what} is not emulated: there is nothing at that path`,
  );
}

import * as z from 'zod';
import { filesystems, foreignFilesystems } from './filesystems.ts';

/** What a runtime may ask for in agentcore.json and does not get here, or not yet. */
export const declared = z.object({
  filesystemConfigurations: filesystems,
  endpoints: z.record(z.string(), z.unknown()).default({}),
});

/** Says what of it has no effect, so that nobody takes silence for success. */
export function notEmulated({
  filesystemConfigurations,
  endpoints,
}: z.output<typeof declared>): string[] {
  const others = Object.keys(endpoints).filter((name) => name !== 'DEFAULT');
  return [
    ...foreignFilesystems(filesystemConfigurations).map(
      (what) => `${what} is not emulated: there is nothing at that path`,
    ),
    ...(others.length > 0 ? [`endpoints ${others.join(', ')} are not emulated yet`] : []),
  ];
}

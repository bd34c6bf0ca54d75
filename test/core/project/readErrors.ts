import { readProject } from '../../../src/core/project/project.ts';
import { useProject } from '../../support/project.ts';

/** Path of the project file, with which every line of an error begins. */
export const FILE = 'agentcore/agentcore.json';

/** The lines of the error that a file causes. */
export async function readErrors(file: object | string): Promise<string[]> {
  const root = await useProject(file);
  const outcome = await readProject(root).catch((error: Error) => error);
  return outcome instanceof Error ? outcome.message.split('\n') : [];
}

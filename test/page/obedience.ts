import { obedientAgent } from '../support/chat.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

/** The built command with an agent that does what the prompt says; gives back its address. */
export async function useObedience(): Promise<string> {
  const root = await useProject(project, obedientAgent);
  return (await useCommand([root, '--port', '0', '--ephemeral']).ready()).url;
}

import { scriptedAgent } from '../support/chat.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';

/** Starts the built command with an agent whose prompts say what to do, and returns its URL. */
export async function useScriptedPage(...options: readonly string[]): Promise<string> {
  const root = await useProject(project, scriptedAgent);
  return (await useCommand([root, '--port', '0', '--ephemeral', ...options]).ready()).url;
}

import { onTestFinished } from 'vitest';
import { startCodeServer, type CodeServer } from '../../scripts/codeServer.mjs';
import { useFolder } from './agents.ts';
import { usePart } from './parts.ts';

type Options = Parameters<typeof startCodeServer>[0];

/** Starts code-server, a VS Code for browsers. It ends with the test. */
export async function useCodeServer(
  options: Omit<Options, 'home' | 'launcher'>,
): Promise<CodeServer> {
  const server = await startCodeServer({
    ...options,
    launcher: usePart('codeServer'),
    home: await useFolder(),
  });
  onTestFinished(server.end);
  return server;
}

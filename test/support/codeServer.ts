import { onTestFinished } from 'vitest';
import { startCodeServer, type CodeServer } from '../../scripts/codeServer.mjs';
import { useFolder } from './agents.ts';

type Options = Parameters<typeof startCodeServer>[0];

/** Where `npm test` has set code-server up. */
export function codeServerLauncher(): string {
  const launcher = process.env['WORKBENCH_CODE_SERVER'];
  if (launcher !== undefined) return launcher;
  throw new Error(
    'WORKBENCH_CODE_SERVER is not set: start the tests by npm test, which sets it up',
  );
}

/** A VS Code that is served to browsers; it ends with the test. */
export async function useCodeServer(
  options: Omit<Options, 'home' | 'launcher'>,
): Promise<CodeServer> {
  const server = await startCodeServer({
    ...options,
    launcher: codeServerLauncher(),
    home: await useFolder(),
  });
  onTestFinished(server.kill);
  return server;
}

import { inject } from 'vitest';

/** The servers that all files of a run share. */
export interface SharedServers {
  readonly chromium: { readonly wsEndpoint: string };
  /** The packaged extension. */
  readonly extension: { readonly vsix: string };
  /** A VS Code that has that extension. Its windows share the user's settings. */
  readonly workbench: { readonly url: string; readonly extensions: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The address at which global set-up starts them. */
    sharedServers: string;
  }
}

/** Gets a shared server, which starts when it is first asked for. */
export async function sharedServer<Name extends keyof SharedServers>(
  name: Name,
): Promise<SharedServers[Name]> {
  const response = await fetch(`${inject('sharedServers')}/${name}`);
  if (!response.ok) throw new Error(`${name} did not start: ${await response.text()}`);
  return (await response.json()) as SharedServers[Name];
}

import { inject } from 'vitest';

/** Servers that all test files of a run share. */
export interface SharedServers {
  readonly chromium: { readonly wsEndpoint: string };
  /** A `node_modules` folder with the official SDKs of the protocols. */
  readonly packages: { readonly folder: string };
  /** Path of the packaged extension. */
  readonly extension: { readonly vsix: string };
  /** A VS Code with the extension. Its windows share user settings. */
  readonly workbench: { readonly url: string; readonly extensions: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** URL at which global set-up starts shared servers. */
    sharedServers: string;
  }
}

/** Returns a shared server. It starts on the first request. */
export async function sharedServer<Name extends keyof SharedServers>(
  name: Name,
): Promise<SharedServers[Name]> {
  const response = await fetch(`${inject('sharedServers')}/${name}`);
  if (!response.ok)
    throw new Error(`Shared server ${name} did not start: ${await response.text()}`);
  return (await response.json()) as SharedServers[Name];
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProjectAgentSource } from '../../emulator/index.ts';

/** Creates a folder that is deleted when the test ends. */
export async function useFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Creates an agent whose entrypoint contains the given code, by default JavaScript. */
export async function useAgent(
  main: string,
  overrides: Partial<ProjectAgentSource> & { readonly entrypoint?: string } = {},
): Promise<ProjectAgentSource> {
  const root = await useFolder();
  const { entrypoint = 'main.mjs' } = overrides;
  await writeFile(join(root, entrypoint), main);
  return {
    kind: 'project',
    project: 'Test',
    name: 'Agent',
    root,
    code: root,
    entrypoint,
    language: 'node',
    protocol: 'HTTP',
    environment: {},
    headerAllowlist: [],
    lifecycle: {},
    ...overrides,
  };
}

/**
 * Source of an agent on Node's HTTP server, without an SDK. `handle` is the body of
 * `async (request, response, body, url) => { … }`. Requests that it does not answer get a healthy ping.
 */
export function serverAgent(handle: string, before = ''): string {
  // An import of node:http also loads fetch, which doubles the agent's start time.
  return `
    const { createServer } = process.getBuiltinModule('node:http');
    const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises');
    ${before}
    const json = (response, value) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const url = request.url;
      ${handle}
      if (!response.headersSent) json(response, { status: 'Healthy' });
    }).listen(8080, '0.0.0.0');
  `;
}

/** Returns the request's headers and body, the process id and the number of calls. */
export const echoAgent = serverAgent(
  `if (url === '/invocations') {
     turns += 1;
     return json(response, { pid: process.pid, turns, headers: request.headers, body: String(body) });
   }`,
  'let turns = 0;',
);

/** Never listens on a port. Its output shows that it has started. */
export const silentAgent = `console.log('still loading'); setInterval(() => {}, 1000);`;

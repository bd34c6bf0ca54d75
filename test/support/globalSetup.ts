import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { startCodeServer, TRUSTING } from '../../scripts/codeServer.mjs';
import { bundlePackages } from './protocolPackages.ts';
import type { SharedServers } from './sharedServer.ts';
import { packageExtension } from './vsix.ts';

type ServerStarters = {
  readonly [Name in keyof SharedServers]: () => Promise<SharedServers[Name]>;
};

/**
 * Global set-up: starts each shared server when the first test file requests it, and ends it after the last file.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const ends: (() => Promise<void>)[] = [];
  const started = new Map<string, Promise<object>>();

  const starters: ServerStarters = {
    async chromium() {
      const server = await chromium.launchServer({
        executablePath: process.env['WORKBENCH_CHROMIUM']!,
        // Chromium's sandbox does not run as root, for example in a CI container.
        chromiumSandbox: process.getuid?.() !== 0,
      });
      ends.push(() => server.close());
      return { wsEndpoint: server.wsEndpoint() };
    },
    async packages() {
      const folder = await mkdtemp(join(tmpdir(), 'workbench-test-'));
      ends.push(() => rm(folder, { recursive: true, force: true }));
      await bundlePackages(folder);
      return { folder };
    },
    async extension() {
      const folder = await mkdtemp(join(tmpdir(), 'workbench-test-'));
      ends.push(() => rm(folder, { recursive: true, force: true }));
      return { vsix: await packageExtension(folder) };
    },
    async workbench() {
      const { vsix } = (await start('extension')) as SharedServers['extension'];
      const home = await mkdtemp(join(tmpdir(), 'workbench-test-'));
      ends.push(() => rm(home, { recursive: true, force: true }));
      const { url, end } = await startCodeServer({
        launcher: process.env['WORKBENCH_CODE_SERVER']!,
        home,
        vsix,
        settings: TRUSTING,
      });
      ends.push(end);
      return { url, extensions: join(home, 'extensions') };
    },
  };

  function start(name: keyof ServerStarters): Promise<object> {
    const known = started.get(name);
    if (known) return known;
    const starting = starters[name]();
    started.set(name, starting);
    return starting;
  }

  const starter = createServer((request, response) => {
    start(request.url!.slice(1) as keyof ServerStarters).then(
      (server) => response.end(JSON.stringify(server)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  }).listen(0, '127.0.0.1');
  await once(starter, 'listening');
  project.provide('sharedServers', `http://127.0.0.1:${(starter.address() as AddressInfo).port}`);

  return async () => {
    starter.close();
    starter.closeAllConnections();
    await Promise.allSettled(started.values());
    // Reverse order, so that a folder is deleted after the server that uses it has ended.
    for (const end of ends.toReversed()) await end();
  };
}

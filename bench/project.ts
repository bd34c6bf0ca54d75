import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A project with one agent. */
export interface BenchProject {
  readonly name: string;
  readonly folder: string;
  readonly code: string;
  readonly entrypoint: string;
}

/** The sample agent of `npm start`, which uses the AgentCore SDK. */
const sampleFolder = join(root, 'agent-templates', 'typescript-basic');
export const sample: BenchProject = {
  name: 'sample agent',
  folder: sampleFolder,
  code: join(sampleFolder, 'app', 'Assistant'),
  entrypoint: 'main.ts',
};

/**
 * An agent on Node's own server. With "stream" it sends that many chunks, 2 ms apart, each with its
 * time; otherwise it returns a small document.
 */
const MINIMAL_AGENT = `
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.url === '/ping') return json(response, { status: 'Healthy' });
  const { prompt, stream } = JSON.parse(Buffer.concat(chunks).toString());
  if (!stream) return json(response, { result: prompt });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let sent = 0; sent < stream; sent += 1) {
    response.write(\`data: \${performance.timeOrigin + performance.now()}\\n\\n\`);
    await sleep(2);
  }
  response.end();
}).listen(8080, '0.0.0.0');

function json(response, value) {
  const body = JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
`;

/** Creates a project with the minimal agent during `use`. With a Dockerfile, it runs in a container. */
export async function withMinimalProject<T>(
  use: (project: BenchProject) => Promise<T>,
  dockerfile?: string,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-bench-'));
  const code = join(folder, 'app');
  try {
    await Promise.all([mkdir(code), mkdir(join(folder, 'agentcore'))]);
    await writeFile(join(code, 'main.mjs'), MINIMAL_AGENT);
    if (dockerfile !== undefined) await writeFile(join(code, 'Dockerfile'), dockerfile);
    const build = dockerfile === undefined ? 'CodeZip' : 'Container';
    const runtimes = [{ name: 'Minimal', build, entrypoint: 'main.mjs', codeLocation: 'app' }];
    await writeFile(
      join(folder, 'agentcore', 'agentcore.json'),
      JSON.stringify({ name: 'Bench', runtimes }),
    );
    return await use({ name: 'minimal agent', folder, code, entrypoint: 'main.mjs' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import Docker from 'dockerode';
import { pack } from 'tar-fs';
import { onTestFinished } from 'vitest';
import type { ProjectAgentSource } from '../../emulator/index.ts';
import { useFolder } from './agents.ts';
import { usePart } from './parts.ts';

/** Address of the test engine. Read at load, because a test may change DOCKER_HOST for its emulator. */
const engineHost = process.env['DOCKER_HOST'] ?? '';

/** Returns the socket path of the test engine. */
export function findEngineSocket(): string {
  usePart('engine');
  return engineHost.replace(/^unix:\/\//, '');
}

/** Creates a client of the test engine. */
export function connectEngine(): Docker {
  return new Docker({ socketPath: findEngineSocket() });
}

/**
 * Returns a function that lists the volumes with a label of ours, such as "pid=17". Volumes that the emulator
 * leaves are removed when the test ends.
 */
export function useVolumes(label: string): () => Promise<string[]> {
  const docker = connectEngine();
  const volumes = async () => {
    const filters = { label: [`agentcore-workbench.${label}`] };
    const { Volumes } = await docker.listVolumes({ filters });
    return Volumes.map(({ Name }) => Name);
  };
  onTestFinished(async () => {
    for (const name of await volumes()) await docker.getVolume(name).remove();
  });
  return volumes;
}

/** Dockerfile of an agent whose code is main.mjs. */
export const nodeDockerfile = `FROM node:24-slim
COPY main.mjs /app/main.mjs
CMD ["node", "/app/main.mjs"]
`;

/** An agent in a container, and its resources in the engine. */
export interface ContainerAgent {
  readonly source: ProjectAgentSource;
  /** Lists the agent's containers, including stopped ones. */
  containers(): Promise<Docker.ContainerInfo[]>;
  images(): Promise<Docker.ImageInfo[]>;
}

/** Creates a container agent from the given files. Its images are removed when the test ends. */
export async function useContainerAgent(
  files: Readonly<Record<string, string>>,
  overrides: Partial<ProjectAgentSource> = {},
): Promise<ContainerAgent> {
  const docker = connectEngine();
  const root = await useFolder();
  for (const [path, content] of Object.entries({ Dockerfile: nodeDockerfile, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  // A random project name separates this test's containers and images from those of others.
  const project = `T${randomBytes(6).toString('hex')}`;
  const images = () =>
    docker.listImages({
      filters: { reference: [`agentcore-workbench/${project.toLowerCase()}_*`] },
    });
  onTestFinished(async () => {
    for (const { RepoTags } of await images()) {
      for (const tag of RepoTags ?? []) await docker.getImage(tag).remove({ force: true });
    }
  });
  return {
    source: {
      kind: 'project',
      project,
      name: 'Agent',
      root,
      code: root,
      entrypoint: null,
      language: null,
      build: 'Container',
      image: { context: root, dockerfile: 'Dockerfile', buildArguments: {}, leftOut: [] },
      protocol: 'HTTP',
      environment: {},
      headerAllowlist: [],
      lifecycle: {},
      ...overrides,
    },
    containers: () =>
      docker.listContainers({ all: true, filters: { name: [`agentcore-${project}_`] } }),
    images,
  };
}

/** Creates a project in the official CLI's layout with one container agent. */
export async function useContainerProject(
  main: string,
  files: Readonly<Record<string, string>> = {},
  settings: object = {},
): Promise<ContainerAgent> {
  const agent = await useContainerAgent({ 'main.mjs': main, ...files });
  const { root, project } = agent.source;
  await mkdir(join(root, 'agentcore'));
  await writeFile(
    join(root, 'agentcore', 'agentcore.json'),
    JSON.stringify({
      name: project,
      runtimes: [{ name: 'Agent', codeLocation: './', build: 'Container', ...settings }],
    }),
  );
  return agent;
}

/** Loads an image for another architecture, with a program that cannot run here. */
export async function useForeignImage(architecture: string): Promise<string> {
  const folder = await useFolder();
  const content = join(folder, 'content');
  await mkdir(content);
  // A minimal ELF header for 64-bit Arm, which is enough for the kernel to reject it.
  const head = '7f454c460201010000000000000000000200b70001000000';
  await writeFile(join(content, 'program'), Buffer.from(head.padEnd(240, '0'), 'hex'), {
    mode: 0o755,
  });
  const image = join(folder, 'image');
  await mkdir(image);
  await pipeline(pack(content), createWriteStream(join(image, 'layer.tar')));
  const digest = createHash('sha256')
    .update(await readFile(join(image, 'layer.tar')))
    .digest('hex');
  const name = `foreign-${randomBytes(6).toString('hex')}:latest`;
  const description = {
    architecture,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
  await writeFile(join(image, 'config.json'), JSON.stringify(description));
  await writeFile(join(image, 'manifest.json'), JSON.stringify(manifest));
  const docker = connectEngine();
  const answer = await docker.loadImage(pack(image));
  await text(answer);
  onTestFinished(() => docker.getImage(name).remove({ force: true }));
  return name;
}

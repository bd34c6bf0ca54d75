// The base images of the Dockerfiles in tests and templates. A developer's engine pulls them. The tests' own
// engine gets equivalent images built from Debian and npm packages, because a test machine may not reach an
// image registry.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cacheFolder, makeFolder } from './cache.mjs';
import { findRunningEngine, canStartEngine, startEngine } from './engine/engine.mjs';
import { nodeForLinux, npmInstall } from './npm.mjs';
import { step } from './steps.mjs';

/** Maps each image to the folder of its Dockerfile and the npm packages in its build context.
 * @type {Record<string, { recipe: string, npm?: string[] }>} */
const images = {
  'python:3.11-slim': { recipe: 'python' },
  'node:24-slim': { recipe: 'node', npm: [nodeForLinux, 'npm@11.21.2'] },
};

/** AWS's mirror of the public images, which Dockerfiles for AWS use. */
const mirror = 'public.ecr.aws/docker/library';
const mirrored = (/** @type {string} */ name) => `${mirror}/${name}`;

const names = Object.keys(images).flatMap((name) => [name, mirrored(name)]);
const recipes = fileURLToPath(new URL('images', import.meta.url));
const debian = 'agentcore-workbench/debian';
const certificates = '/etc/ssl/certs/ca-certificates.crt';

// A minimal Debian with this machine's CA certificates, so that builds can install packages through a proxy
// with its own certificate.
const bootstrap = [
  '--variant=minbase',
  '--include=ca-certificates',
  `--customize-hook=copy-in ${certificates} /etc/ssl/certs`,
  'bookworm',
];

const folder = cacheFolder(
  'base-images',
  JSON.stringify([bootstrap, images, mirror]),
  ...Object.values(images).map(({ recipe }) => readFileSync(join(recipes, recipe, 'Dockerfile'))),
  existsSync(certificates) ? readFileSync(certificates) : '',
);
const archive = 'images.tar';
const list = 'ids.json';

const hint = `start an engine that can pull ${names.join(' and ')}; they can be built only as root on Debian`;

/** @type {import('./part.d.ts').TestPart} */
export const baseImages = {
  name: 'base images',
  packages: ['mmdebstrap', 'ca-certificates'],
  anywhere: true,
  hint,

  async find() {
    const engine = await findRunningEngine();
    const isComplete = engine ? (await listMissing(engine)).length === 0 : existsSync(folder);
    return isComplete ? {} : undefined;
  },

  async install() {
    const engine = await findRunningEngine();
    if (engine)
      for (const name of await listMissing(engine)) await step(engine.cli, ['pull', name]);
    else if (canStartEngine()) await makeFolder(folder, makeImages);
    else throw new Error(hint);
  },
};

/** Returns the images that a developer's engine has not pulled yet.
 * @param {import('./engine/engine.mjs').Engine} engine */
async function listMissing({ cli }) {
  const format = '{{.Repository}}:{{.Tag}}';
  const present = (await step(cli, ['image', 'ls', '--format', format])).split('\n');
  return names.filter((name) => !present.includes(name));
}

/** @param {string} making */
async function makeImages(making) {
  const engine = await startEngine();
  try {
    await importDebian(engine, making);
    for (const [name, { recipe, npm }] of Object.entries(images)) {
      const context = join(making, recipe);
      cpSync(join(recipes, recipe), context, { recursive: true });
      if (npm) await npmInstall(context, ...npm);
      await engine.docker('build', '--tag', name, '--tag', mirrored(name), context);
      rmSync(context, { recursive: true });
    }
    await engine.docker('save', '--output', join(making, archive), ...names);
    const ids = await engine.docker('image', 'inspect', '--format', '{{.Id}}', ...names);
    const byName = Object.fromEntries(ids.split('\n').map((id, index) => [names[index], id]));
    writeFileSync(join(making, list), JSON.stringify(byName));
  } finally {
    await engine.end();
  }
}

/** @param {import('./engine/engine.mjs').OwnEngine} engine @param {string} making */
async function importDebian(engine, making) {
  const tar = join(making, 'debian.tar');
  // Temporary files of a killed mmdebstrap are deleted with the folder.
  await step('mmdebstrap', [...bootstrap, tar], { env: { ...process.env, TMPDIR: making } });
  await engine.docker('import', tar, debian);
  rmSync(tar);
}

/** Resets the tests' own engine to a known state: the base images and nothing else.
 * @param {import('./engine/engine.mjs').OwnEngine} engine */
export async function resetEngine({ docker }) {
  /** @type {Record<string, string>} */
  const expectedIds = existsSync(folder)
    ? JSON.parse(readFileSync(join(folder, list), 'utf8'))
    : {};
  const containers = await docker('ps', '--all', '--quiet');
  if (containers) await docker('rm', '--force', '--volumes', ...containers.split('\n'));
  const format = '{{.Repository}}:{{.Tag}} {{.ID}}';
  const lines = await docker('image', 'ls', '--no-trunc', '--format', format);
  const present = lines
    .split('\n')
    .map((line) => /** @type {[string, string]} */ (line.split(' ')));
  const others = present
    .filter(([name, id]) => id !== expectedIds[name])
    .map(([name, id]) => (name.endsWith('<none>') ? id : name));
  if (lines && others.length > 0) await docker('image', 'rm', '--force', ...others);
  await docker('system', 'prune', '--force', '--volumes');
  const complete = Object.entries(expectedIds).every(([name, id]) =>
    present.some(([n, i]) => n === name && i === id),
  );
  if (!complete) await docker('load', '--input', join(folder, archive));
}

// The images that Dockerfiles name in FROM. A developer's engine pulls them. Our own is given
// stand-ins made from Debian's and npm's packages, because a machine for tests need not reach an
// image registry.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { keptFolder, makeFolder } from './cache.mjs';
import { answeringEngine, canStartEngine, startEngine } from './engine/engine.mjs';
import { nodeForLinux, npmInstall } from './npm.mjs';
import { step } from './steps.mjs';

/** Each name with the folder of its Dockerfile and the npm packages that its context holds.
 * @type {Record<string, { recipe: string, npm?: string[] }>} */
const images = {
  'python:3.11-slim': { recipe: 'python' },
  'node:24-slim': { recipe: 'node', npm: [nodeForLinux, 'npm@11.21.2'] },
};

/** Where AWS mirrors the public images, and by what Dockerfiles that AWS builds call them. */
const mirror = 'public.ecr.aws/docker/library';
const mirrored = (/** @type {string} */ name) => `${mirror}/${name}`;

const names = Object.keys(images).flatMap((name) => [name, mirrored(name)]);
const recipes = fileURLToPath(new URL('images', import.meta.url));
const debian = 'agentcore-workbench/debian';
const certificates = '/etc/ssl/certs/ca-certificates.crt';

// A bare Debian that trusts whom this machine trusts, so that builds can install packages where the
// way to them leads through a proxy with a certificate of its own.
const bootstrap = [
  '--variant=minbase',
  '--include=ca-certificates',
  `--customize-hook=copy-in ${certificates} /etc/ssl/certs`,
  'bookworm',
];

const folder = keptFolder(
  'base-images',
  JSON.stringify([bootstrap, images, mirror]),
  ...Object.values(images).map(({ recipe }) => readFileSync(join(recipes, recipe, 'Dockerfile'))),
  existsSync(certificates) ? readFileSync(certificates) : '',
);
const archive = 'images.tar';
const list = 'ids.json';

const hint = `give an engine that can pull ${names.join(' and ')}; they are made on Debian as root only`;

/** @type {import('./part.d.ts').Part} */
export const baseImages = {
  name: 'base images',
  packages: ['mmdebstrap', 'ca-certificates'],
  anywhere: true,
  hint,

  async find() {
    const engine = await answeringEngine();
    const there = engine ? (await lacking(engine)).length === 0 : existsSync(folder);
    return there ? {} : undefined;
  },

  async install() {
    const engine = await answeringEngine();
    if (engine) for (const name of await lacking(engine)) await step(engine.cli, ['pull', name]);
    else if (canStartEngine()) await makeFolder(folder, makeImages);
    else throw new Error(hint);
  },
};

/** The images that a developer's engine has not pulled yet.
 * @param {import('./engine/engine.mjs').Engine} engine */
async function lacking({ cli }) {
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
  // What mmdebstrap leaves when it is killed goes with the folder.
  await step('mmdebstrap', [...bootstrap, tar], { env: { ...process.env, TMPDIR: making } });
  await engine.docker('import', tar, debian);
  rmSync(tar);
}

/** Puts our own engine into the state in which every run finds it: base images and nothing else.
 * @param {import('./engine/engine.mjs').OwnEngine} engine */
export async function resetEngine({ docker }) {
  /** @type {Record<string, string>} */
  const wanted = existsSync(folder) ? JSON.parse(readFileSync(join(folder, list), 'utf8')) : {};
  const containers = await docker('ps', '--all', '--quiet');
  if (containers) await docker('rm', '--force', '--volumes', ...containers.split('\n'));
  const format = '{{.Repository}}:{{.Tag}} {{.ID}}';
  const lines = await docker('image', 'ls', '--no-trunc', '--format', format);
  const present = lines
    .split('\n')
    .map((line) => /** @type {[string, string]} */ (line.split(' ')));
  const others = present
    .filter(([name, id]) => id !== wanted[name])
    .map(([name, id]) => (name.endsWith('<none>') ? id : name));
  if (lines && others.length > 0) await docker('image', 'rm', '--force', ...others);
  await docker('system', 'prune', '--force', '--volumes');
  const complete = Object.entries(wanted).every(([name, id]) =>
    present.some(([n, i]) => n === name && i === id),
  );
  if (!complete) await docker('load', '--input', join(folder, archive));
}

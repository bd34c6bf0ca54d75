// A registry to push images to, in ECR's place.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keptFolder, makeFolder } from './cache.mjs';
import { unpackPackage } from './debian.mjs';
import { which } from './steps.mjs';

const packageName = 'docker-registry';
const folder = keptFolder('registry', packageName);
const unpacked = join(folder, 'usr', 'bin', 'docker-registry');

/** @type {import('./part.d.ts').Part} */
export const registry = {
  name: 'image registry',
  anywhere: which('apt-get') !== undefined,
  hint: 'put the program `registry` of CNCF Distribution on the PATH',

  async find() {
    const file = existsSync(unpacked) ? unpacked : which('docker-registry', 'registry');
    return file ? { environment: { WORKBENCH_REGISTRY: file } } : undefined;
  },

  // Installed, it would become a service that listens on every address.
  async install() {
    await makeFolder(folder, (making) => unpackPackage(packageName, making));
  },
};

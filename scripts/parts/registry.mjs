// An image registry that tests use in place of Amazon ECR.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, makeFolder } from './cache.mjs';
import { unpackPackage } from './debian.mjs';
import { which } from './steps.mjs';

const packageName = 'docker-registry';
const folder = cacheFolder('registry', packageName);
const unpacked = join(folder, 'usr', 'bin', 'docker-registry');

/** @type {import('./part.d.ts').TestPart} */
export const registry = {
  name: 'image registry',
  anywhere: which('apt-get') !== undefined,
  hint: 'put the `registry` program of CNCF Distribution on the PATH',

  async find() {
    const file = existsSync(unpacked) ? unpacked : which('docker-registry', 'registry');
    return file ? { environment: { WORKBENCH_REGISTRY: file } } : undefined;
  },

  // Unpacked, not installed: the installed package starts a service that listens on all addresses.
  async install() {
    await makeFolder(folder, (making) => unpackPackage(packageName, making));
  },
};

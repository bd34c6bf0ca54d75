import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../setup.mjs';
import { modelSource } from './modelSource.mjs';
import { newTypesSource } from './newTypes.mjs';

/**
 * Returns the path and text of all generated files. A service gets types if its installed client lacks any.
 * @param {import('./botocore.mjs').ServiceSource[]} services
 */
export async function generateFiles(services) {
  const files = [];
  for (const service of services) {
    const { name, source, model } = service;
    const camelCase = name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
    const path = `src/shared/awsModel/${camelCase}`;
    files.push({ path: `${path}.ts`, text: modelSource(model, source, camelCase) });
    const client = `@aws-sdk/client-${name}`;
    const sdk = loadPackage(client);
    if (!sdk) continue;
    const types = `${path}Types.ts`;
    const options = { ...(await resolveConfig(join(root, types))), filepath: types };
    const typeName = `New${camelCase.replace(/^./, (letter) => letter.toUpperCase())}Operations`;
    const newTypes = newTypesSource(service, client, typeName, sdk);
    if (newTypes !== undefined) files.push({ path: types, text: await format(newTypes, options) });
  }
  return files;
}

/** Returns the exports of a package; undefined if it is not installed.
 * @param {string} name @returns {Record<string, unknown> | undefined} */
function loadPackage(name) {
  const require = createRequire(import.meta.url);
  try {
    require.resolve(name);
  } catch {
    return undefined;
  }
  return require(name);
}

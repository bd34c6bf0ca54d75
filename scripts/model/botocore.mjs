import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * @typedef {{ name: string, source: string, model: import('./compactModel.mjs').BotocoreModel }} ServiceSource
 */

/** The AWS services of the model, by botocore's names. A service is added here. */
const SERVICES = ['bedrock-agentcore', 'bedrock-agentcore-control', 'bedrock-runtime'];

/** Reads the models of all services from a folder of Python packages.
 * @param {string} packages @returns {ServiceSource[]} */
export function readModels(packages) {
  const init = readFileSync(join(packages, 'botocore', '__init__.py'), 'utf8');
  const version = /^__version__ = ['"](.+)['"]$/m.exec(init)?.[1];
  return SERVICES.map((name) => {
    const versions = join(packages, 'botocore', 'data', name);
    const file = join(versions, readdirSync(versions).toSorted().at(-1) ?? '', 'service-2.json.gz');
    const model = JSON.parse(gunzipSync(readFileSync(file)).toString());
    return { name, source: `botocore ${version}`, model };
  });
}

import { TestRunner } from 'vitest';

/** Where `npm test` says that the parts are. */
const variables = {
  engine: 'DOCKER_HOST',
  chromium: 'WORKBENCH_CHROMIUM',
  codeServer: 'WORKBENCH_CODE_SERVER',
  bubblewrap: 'WORKBENCH_BWRAP',
  registry: 'WORKBENCH_REGISTRY',
  python: 'WORKBENCH_PYTHON_PACKAGES',
  officialCli: 'WORKBENCH_OFFICIAL_CLI',
} as const;

/**
 * Where a part is. The test is skipped when the run was started without it and has said so, and
 * fails when nothing was set up at all.
 */
export function usePart(part: keyof typeof variables): string {
  const variable = variables[part];
  const place = process.env[variable];
  if (place !== undefined) return place;
  if (process.env['WORKBENCH_LEFT_OUT']?.split(',').includes(part)) {
    TestRunner.getCurrentTest()?.context.skip(`${part} is left out of this run`);
  }
  throw new Error(`${variable} is not set: start the tests by npm test, which sets ${part} up`);
}

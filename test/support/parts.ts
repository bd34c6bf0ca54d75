import { TestRunner } from 'vitest';

/** Environment variables in which `npm test` passes the locations of parts. */
const variables = {
  engine: 'DOCKER_HOST',
  chromium: 'WORKBENCH_CHROMIUM',
  codeServer: 'WORKBENCH_CODE_SERVER',
  bubblewrap: 'WORKBENCH_BWRAP',
  registry: 'WORKBENCH_REGISTRY',
  python: 'WORKBENCH_PYTHON_PACKAGES',
  officialCli: 'WORKBENCH_OFFICIAL_CLI',
  agentSdks: 'WORKBENCH_AGENT_SDKS',
} as const;

/**
 * Returns the location of a part. Skips the test when the run was started without the part, and fails when no
 * set-up ran.
 */
export function usePart(part: keyof typeof variables): string {
  const variable = variables[part];
  const location = process.env[variable];
  if (location !== undefined) return location;
  if (process.env['WORKBENCH_LEFT_OUT']?.split(',').includes(part)) {
    TestRunner.getCurrentTest()?.context.skip(`This run does not include ${part}.`);
  }
  throw new Error(`${variable} is not set. Run the tests with npm test, which sets up ${part}.`);
}

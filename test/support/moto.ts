import { onTestFinished, vi } from 'vitest';
import { findFreePort, useServer } from './program.ts';
import { findPythonPackages } from './python.ts';

/** Starts moto's server of an AWS service and sets the environment variables that make emulators use it. */
export async function useMoto(service: 'S3' | 'SECRETS_MANAGER'): Promise<string> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const server = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)];
  const environment = { ...process.env, PYTHONPATH: findPythonPackages() };
  await useServer('python3', server, `${url}/moto-api/`, environment);
  vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  onTestFinished(() => void vi.unstubAllEnvs());
  return url;
}

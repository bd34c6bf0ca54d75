import type { ProjectAgent } from '../core/project/runProjection.ts';

/** Returns a command that calls an agent; null if curl alone cannot, as for another protocol or a JWT. */
export function curlCommand(
  url: string,
  { protocol, authorizer }: Pick<ProjectAgent, 'protocol' | 'authorizer'>,
): string | null {
  if (protocol !== 'HTTP' || authorizer !== null) return null;
  const headers = [
    'content-type: application/json',
    // AWS's SDKs for agents answer 406 to a request that accepts only one of the two.
    'accept: application/json, text/event-stream',
  ];
  const flags = headers.map((header) => `-H '${header}'`).join(' ');
  return `curl -N ${url}/invocations ${flags} -d '{"prompt": "12 * 7"}'`;
}

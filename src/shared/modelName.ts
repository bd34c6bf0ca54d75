import { parseModelSpec } from './modelSpec.ts';

/** Display name of a backend, such as `Amazon Bedrock` or `Ollama (llama3.2)`. */
export function describeModel(text: string): string {
  const spec = parseModelSpec(text);
  switch (spec?.kind) {
    case undefined:
      return text;
    case 'offline':
      return 'Offline model';
    case 'bedrock':
      return withDetail('Amazon Bedrock', spec.model);
    case 'anthropic':
      return withDetail('Anthropic', spec.model);
    case 'ollama':
      return withDetail('Ollama', spec.model);
    case 'openai':
      return withDetail(hostOf(spec.url), spec.model);
    case 'cassette':
      return withDetail('Cassette', spec.file);
    case 'record':
      return `${describeModel(spec.from)}, recorded in ${spec.file}`;
  }
}

function withDetail(name: string, detail: string | null): string {
  return detail === null ? name : `${name} (${detail})`;
}

/** The host and the port of a URL. */
function hostOf(url: string): string {
  const [, host = url] = /^https?:\/\/([^/]+)/.exec(url) ?? [];
  return host;
}

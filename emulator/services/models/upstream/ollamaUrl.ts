/** The URL of Ollama: OLLAMA_HOST, or Ollama's default. */
export function ollamaUrl(environment: Readonly<Record<string, string | undefined>>): string {
  const host = environment['OLLAMA_HOST'] || '127.0.0.1:11434';
  return /^https?:/.test(host) ? host.replace(/\/+$/, '') : `http://${host}`;
}

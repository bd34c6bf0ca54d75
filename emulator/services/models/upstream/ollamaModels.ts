import * as z from 'zod';
import { ollamaUrl } from './ollamaUrl.ts';

const tags = z.object({ models: z.array(z.object({ name: z.string() })) });

/** A short timeout, because Ollama runs on this machine or near it and answers from memory. */
const TIMEOUT_MILLISECONDS = 1000;

const MAX_MODELS = 100;

/** Lists the models of a running Ollama server; empty if none responds. */
export async function listOllamaModels(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  try {
    const response = await fetch(`${ollamaUrl(environment)}/api/tags`, {
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      redirect: 'error',
    });
    const { models } = tags.parse(await response.json());
    return models.slice(0, MAX_MODELS).map(({ name }) => name);
  } catch {
    // Most machines run no Ollama.
    return [];
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { AgentSource } from '../../agentSource.ts';

/** SDKs refuse to start without a key. The emulator accepts any. */
const DUMMY_KEY = 'local';

/**
 * The keys of SDKs, and what accompanies the dummy. Without it, SDKs would send traces with prompts, or usage data,
 * to a provider that refuses the key.
 */
const KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ANTHROPIC_API_KEY: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  OPENAI_API_KEY: { OPENAI_AGENTS_DISABLE_TRACING: 'true' },
};

/**
 * Returns the variables with which a session's SDKs and Claude Code call the emulator. Keys that the
 * project sets remain. Keys of the developer's environment do not reach agents.
 */
export function modelVariables(url: string, source: AgentSource): Record<string, string> {
  const own = { ...readDotenv(source), ...source.environment };
  return {
    ANTHROPIC_BASE_URL: `${url}/anthropic`,
    OPENAI_BASE_URL: `${url}/openai/v1`,
    // Claude Code would otherwise call Bedrock with the developer's credentials.
    CLAUDE_CODE_USE_BEDROCK: '0',
    ...Object.assign(
      {},
      ...Object.entries(KEYS).map(
        ([key, offline]) => !own[key] && { [key]: DUMMY_KEY, ...offline },
      ),
    ),
  };
}

/**
 * Reads the `.env` files next to an agent's code. Programs that load them do not replace variables that
 * are set already.
 */
function readDotenv(source: AgentSource): NodeJS.Dict<string> {
  if (source.kind === 'image') return {};
  const folder = source.kind === 'project' ? source.code : source.folder;
  return Object.assign({}, ...['.env', '.env.local'].map((name) => readFile(join(folder, name))));
}

function readFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch {
    // Most projects have none.
    return {};
  }
}

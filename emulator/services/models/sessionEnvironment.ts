import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { AgentSource } from '../../agentSource.ts';

/** SDKs refuse to start without a key. The emulator accepts any. */
const DUMMY_KEY = 'local';

/**
 * Variables of agents without a key: a dummy key, and settings that stop SDKs from sending traces or usage
 * data to a provider that rejects the dummy.
 */
const WITHOUT_KEY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ANTHROPIC_API_KEY: {
    ANTHROPIC_API_KEY: DUMMY_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  },
  OPENAI_API_KEY: { OPENAI_API_KEY: DUMMY_KEY, OPENAI_AGENTS_DISABLE_TRACING: 'true' },
};

/**
 * Returns the variables with which a session's SDKs and Claude Code call the emulator. Keys and
 * choices that the project sets remain. Keys of the developer's environment do not reach agents.
 */
export function modelVariables(url: string, source: AgentSource): Record<string, string> {
  const own = { ...readDotenv(source), ...source.environment };
  const withoutKeys = Object.entries(WITHOUT_KEY).flatMap(([key, variables]) =>
    own[key] ? [] : Object.entries(variables),
  );
  return {
    ANTHROPIC_BASE_URL: `${url}/anthropic`,
    OPENAI_BASE_URL: `${url}/openai/v1`,
    // Claude Code would otherwise call Bedrock with the developer's credentials.
    CLAUDE_CODE_USE_BEDROCK: '0',
    ...Object.fromEntries(withoutKeys.filter(([name]) => !own[name])),
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

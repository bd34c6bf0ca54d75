import { createA2a } from './a2a.ts';
import { createAgui } from './agui.ts';
import { createAnthropic } from './anthropic.ts';
import { createClaudeAgent } from './claudeAgent.ts';
import { createConverse } from './converse.ts';
import type { CreateDialect } from './dialect.ts';
import { createJsonRpc } from './jsonRpc.ts';
import { createLangGraph } from './langGraph.ts';
import { createNamed } from './named.ts';
import { createOpenAi } from './openai.ts';
import { createStrands } from './strands.ts';

/** All shapes that are understood; of those that a value could be, the first one reads it. */
export const dialects: readonly CreateDialect[] = [
  createA2a,
  createJsonRpc,
  createAgui,
  createOpenAi,
  createLangGraph,
  createClaudeAgent,
  createAnthropic,
  createStrands,
  createConverse,
  createNamed,
];

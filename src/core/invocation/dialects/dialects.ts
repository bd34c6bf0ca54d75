import { createA2a } from './a2a.ts';
import { createAgui } from './agui.ts';
import { createAiSdk } from './aiSdk.ts';
import { createAnthropic } from './anthropic.ts';
import { createClaudeAgent } from './claudeAgent.ts';
import { createConverse } from './converse.ts';
import type { CreateDialect } from './dialect.ts';
import { createJsonRpc } from './jsonRpc.ts';
import { createLangGraph } from './langGraph.ts';
import { createNamedEvents } from './namedEvents.ts';
import { createOpenAi } from './openai.ts';
import { createOpenAiAgents } from './openaiAgents.ts';
import { createOpenAiResponses } from './openaiResponses.ts';
import { createStrands } from './strands.ts';
import { createStrandsTypeScript } from './strandsTypeScript.ts';

/** All dialects. The first one that recognizes a value reads it. */
export const dialects: readonly CreateDialect[] = [
  createA2a,
  createJsonRpc,
  createAgui,
  createOpenAi,
  createOpenAiResponses,
  createOpenAiAgents,
  createAiSdk,
  createLangGraph,
  createClaudeAgent,
  createAnthropic,
  createStrandsTypeScript,
  createStrands,
  createConverse,
  createNamedEvents,
];

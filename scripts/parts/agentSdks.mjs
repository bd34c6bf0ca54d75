// The SDKs for Node.js with which agents call models. They are not dependencies of this project, because they are
// large and their requirements conflict with ours.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, makeFolder } from './cache.mjs';
import { npmInstall } from './npm.mjs';

const sdks = [
  '@anthropic-ai/claude-agent-sdk@0.3.332',
  '@anthropic-ai/sdk@1.14.0',
  '@modelcontextprotocol/sdk@1.32.2',
  '@openai/agents@0.20.0',
  '@strands-agents/sdk@1.19.0',
  'bedrock-agentcore@0.4.4',
  'zod@4.6.7',
];
const folder = cacheFolder('agent-sdks', ...sdks);

/** @type {import('./part.d.ts').TestPart} */
export const agentSdks = {
  name: 'agent SDKs',
  anywhere: true,
  hint: `make sure that npm can install ${sdks.join(', ')}`,

  async find() {
    return existsSync(folder)
      ? { environment: { WORKBENCH_AGENT_SDKS: join(folder, 'node_modules') } }
      : undefined;
  },

  async install() {
    // Peer dependencies are optional features, and npm would install all of them.
    await makeFolder(folder, (making) => npmInstall(making, '--legacy-peer-deps', ...sdks));
  },
};

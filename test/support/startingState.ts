import type { ChatState } from '../../src/shared/chat/state.ts';

/** What a host says while the emulator starts. */
export const startingState: ChatState = {
  connection: { state: 'starting' },
  agents: [{ id: 'arn:1', name: 'Assistant', protocol: 'HTTP', deployment: null }],
  agent: 'arn:1',
  sessionId: '0f60c37e-e6a3-4a88-a6f1-221235539493',
  session: { state: 'none' },
  opening: null,
  conversation: 'c1',
  actorId: null,
  turns: [],
  conversations: [],
  answering: [],
  line: null,
  removed: null,
  templates: {},
  attachments: [],
  problem: null,
  hasEditor: false,
  aws: null,
  tokensWanted: [],
  toolbox: null,
};

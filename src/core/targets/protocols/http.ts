import { promptOf } from '../../invocation/payload.ts';
import type { CreateSpeaker } from './protocol.ts';

/** AgentCore's own protocol: the agent takes a prompt and remembers its session by itself. */
export const http: CreateSpeaker = ({ invoke }) => ({
  ask: ({ sessionId, text }, signal) => invoke({ sessionId, payload: promptOf(text) }, signal),
});

import { checkJson, faultInWords } from '../../../shared/payloadSyntax.ts';
import { fillTemplate } from '../../../shared/payloadTemplate.ts';
import { contentBlocks } from './contentBlocks.ts';
import type { CreateProtocolClient, UserMessage } from '../../agents/protocolClient.ts';

/** AgentCore's own protocol: the agent says what a payload is, and remembers its session by itself. */
export const http: CreateProtocolClient = ({ invoke }) => ({
  send: (question, signal) =>
    invoke(
      { sessionId: question.sessionId, payload: payloadOf(question), onSent: question.onSent },
      signal,
    ),
});

/** What an agent is sent whose payload is its own affair. */
export function payloadOf({ template, text, files, sessionId, actorId }: UserMessage): string {
  if (template === null) {
    const fault = checkJson(text);
    if (fault) throw new Error(`The payload is not JSON: ${faultInWords(text, fault)}`);
    return text;
  }
  return fillTemplate(template, { input: text, sessionId, actorId, ...contentBlocks(files) });
}

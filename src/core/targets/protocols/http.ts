import { checkJson, describeFault } from '../../../shared/payloadSyntax.ts';
import { fillTemplate } from '../../../shared/payloadTemplate.ts';
import type { CreateProtocolClient, UserMessage } from '../../agents/protocolClient.ts';
import { contentBlocks } from './contentBlocks.ts';

/** AgentCore's HTTP protocol: the agent defines the payload, and remembers its session itself. */
export const http: CreateProtocolClient = ({ invoke }) => ({
  send: (message, signal) =>
    invoke(
      { sessionId: message.sessionId, payload: buildPayload(message), onSent: message.onSent },
      signal,
    ),
});

/** The payload of an agent that defines its own. */
export function buildPayload({ template, text, files, sessionId, actorId }: UserMessage): string {
  if (template === null) {
    const fault = checkJson(text);
    if (fault) throw new Error(`The payload is not JSON: ${describeFault(text, fault)}`);
    return text;
  }
  return fillTemplate(template, { input: text, sessionId, actorId, ...contentBlocks(files) });
}

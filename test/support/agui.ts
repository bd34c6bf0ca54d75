import { randomUUID } from 'node:crypto';
import { HttpAgent, type BaseEvent } from '@ag-ui/client';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import { serverAgent } from './agents.ts';

/**
 * Source of an AG-UI server that uses the official encoder. The code in `run` can use `input`, `emit(event)`
 * and `word(text)`, which emits a piece of the answer's text.
 */
export const aguiServer = (run: string): string =>
  serverAgent(
    `if (url === '/invocations') {
       const input = JSON.parse(String(body));
       response.writeHead(200, { 'content-type': 'text/event-stream' });
       const emit = (event) => response.write(encoder.encodeSSE(event));
       const word = (delta) => emit({ type: EventType.TEXT_MESSAGE_CONTENT, messageId: 'm', delta });
       const { threadId, runId } = input;
       emit({ type: EventType.RUN_STARTED, threadId, runId });
       emit({ type: EventType.TEXT_MESSAGE_START, messageId: 'm', role: 'assistant' });
       ${run}
       emit({ type: EventType.TEXT_MESSAGE_END, messageId: 'm' });
       emit({ type: EventType.RUN_FINISHED, threadId, runId });
       return response.end();
     }`,
    `import { EventType } from '@ag-ui/core';
     import { EventEncoder } from '@ag-ui/encoder';
     const encoder = new EventEncoder();`,
  );

/** The events that an AG-UI client received, and the error that ended the run, if any. */
export interface Run {
  readonly events: readonly BaseEvent[];
  readonly error: Error | undefined;
}

/** Runs an agent once with the official client. `onEvent` is called for each event as it arrives. */
export async function runAgui(
  { url }: { url: string },
  { arn }: Pick<AgentSummary, 'arn'>,
  session: string,
  onEvent: (event: BaseEvent) => void | Promise<void> = () => {},
): Promise<Run> {
  const agent = new HttpAgent({
    url: `${url}/runtimes/${encodeURIComponent(arn)}/invocations`,
    threadId: randomUUID(),
    headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session },
    initialMessages: [{ id: '1', role: 'user', content: 'Hello' }],
  });
  const events: BaseEvent[] = [];
  try {
    await agent.runAgent(
      {},
      {
        onEvent: async ({ event }) => {
          events.push(event);
          await onEvent(event);
        },
      },
    );
    return { events, error: undefined };
  } catch (error) {
    return { events, error: error as Error };
  }
}

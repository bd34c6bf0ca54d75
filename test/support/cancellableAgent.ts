import { serverAgent } from './agents.ts';

/**
 * Streams an answer to the text `work` until it gets a payload with `cancel`. Returns 400 for `cancel: null`, and
 * echoes any other payload.
 */
export const cancellableAgent = serverAgent(
  `
  if (url === '/invocations') {
    const payload = JSON.parse(body);
    if (payload.cancel === null) {
      response.writeHead(400);
      return response.end('cancel whom?');
    }
    if (payload.cancel) {
      working.end('data: "ended for ' + payload.cancel + '"\\n\\n');
      return json(response, {});
    }
    if (payload.text !== 'work') return json(response, { sent: payload });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: "working, "\\n\\n');
    working = response;
    return;
  }
`,
  'let working;',
);

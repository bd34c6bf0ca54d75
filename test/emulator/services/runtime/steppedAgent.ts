import { serverAgent } from '../../../support/agents.ts';

/** An agent that streams three chunks, one for each request whose body contains "next". */
export const steppedAgent = serverAgent(
  `if (url === '/invocations' && String(body).includes('next')) {
     json(response, { finished });
     return release();
   }
   if (url === '/invocations') {
     response.writeHead(200, { 'content-type': 'text/event-stream' });
     response.flushHeaders();
     for (const chunk of ['one', 'two', 'three']) {
       await new Promise((resolve) => (release = resolve));
       response.write(chunk);
     }
     response.end();
     finished = true;
     return;
   }`,
  'let release = () => {}; let finished = false;',
);

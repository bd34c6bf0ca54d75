import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAgent } from '../support/agents.ts';
import { useContainerAgent, type ContainerAgent } from '../support/containers.ts';

/** The prompts that the agent below understands. */
export type Prompt = 'answer' | 'stream' | 'hang' | 'crash' | 'breed' | 'print' | 'call';

/** Behaves as the prompt says, including crashes and hangs. */
const soakAgent = serverAgent(
  `if (url === '/invocations') {
     const { prompt } = JSON.parse(body);
     if (prompt === 'crash') process.exit(3);
     if (prompt === 'print') for (let line = 0; line < 200; line += 1) console.log('line', line);
     if (prompt === 'breed') children.push(spawn('sleep', ['600']).pid);
     if (prompt === 'stream' || prompt === 'hang') {
       response.writeHead(200, { 'content-type': 'text/event-stream' });
       for (let word = 0; word < 20 || prompt === 'hang'; word += 1) {
         response.write('data: "word "\\n\\n');
         await sleep(5);
       }
       return response.end();
     }
     const called = prompt === 'call' &&
       await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/memories/', { method: 'POST' })
         .then((answer) => answer.status);
     return json(response, { called, processes: [process.pid, ...children] });
   }`,
  `import { spawn } from 'node:child_process';
   const children = [];`,
);

/** Creates a project with that agent in processes and containers, and one that crashes at start. */
export async function useSoakProject(): Promise<ContainerAgent> {
  const agent = await useContainerAgent({
    'main.mjs': soakAgent,
    'broken.mjs': `import 'nowhere-to-be-found';`,
  });
  const { root, project } = agent.source;
  const codeLocation = './';
  await mkdir(join(root, 'agentcore'));
  await writeFile(
    join(root, 'agentcore', 'agentcore.json'),
    JSON.stringify({
      name: project,
      runtimes: [
        { name: 'Process', entrypoint: 'main.mjs', codeLocation },
        { name: 'Broken', entrypoint: 'broken.mjs', codeLocation },
        { name: 'Container', build: 'Container', codeLocation },
      ],
    }),
  );
  return agent;
}

import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

/** Returns its request headers. If the payload contains "own", the response has its own trace headers. */
const headersAgent = serverAgent(
  `if (url === '/invocations') {
     if (String(body).includes('own')) {
       response.setHeader('x-amzn-trace-id', 'Root=own');
       response.setHeader('traceparent', 'own-parent');
       response.setHeader('tracestate', 'own=state');
       response.setHeader('baggage', 'own=1');
     }
     return json(response, request.headers);
   }`,
);

const trace = {
  traceId: 'Root=1-67891233-abcdef012345678912345678',
  traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  traceState: 'vendor=value',
  baggage: 'user=ana',
};

test('Trace headers reach the agent unchanged, and the response has them or the agent’s own', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(headersAgent)] });
  const client = emulator.client();
  const send = async (payload: string) => {
    const { response, ...members } = await client.send(
      new InvokeAgentRuntimeCommand({
        agentRuntimeArn: emulator.agent.arn,
        runtimeSessionId: sessionId('a'),
        contentType: 'application/json',
        payload,
        ...trace,
      }),
    );
    const received = JSON.parse(await response!.transformToString()) as Record<string, string>;
    return { members, received };
  };
  const { members, received } = await send('{}');
  expect(received).toMatchObject({
    'x-amzn-trace-id': trace.traceId,
    traceparent: trace.traceParent,
    tracestate: trace.traceState,
    baggage: trace.baggage,
  });
  expect(members).toMatchObject(trace);
  expect((await send('{"own": true}')).members).toMatchObject({
    traceId: 'Root=own',
    traceParent: 'own-parent',
    traceState: 'own=state',
    baggage: 'own=1',
  });
});

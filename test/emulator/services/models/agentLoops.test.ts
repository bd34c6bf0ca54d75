import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { useEmulator } from '../../../support/emulator.ts';

const { resolve } = createRequire(import.meta.url);

/** An agent that imports an SDK, of which it sets nothing, and replies with what a loop returns. */
function sdkAgent(sdk: string, loop: string): string {
  const url = JSON.stringify(pathToFileURL(resolve(sdk)));
  return serverAgent(`if (url === '/invocations') {
    const { default: Client } = await import(${url});
    const client = new Client();
    const seen = [];
    const weather = (input) => (seen.push(input), 'It is 20 degrees in ' + input.city);
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    };
    const prompt = 'What is the weather in Bern?';
    ${loop}
    return json(response, { seen, text });
  }`);
}

const loops = {
  'messages of @anthropic-ai/sdk': sdkAgent(
    '@anthropic-ai/sdk',
    `
    const messages = [{ role: 'user', content: prompt }];
    const tools = [{ name: 'weather', description: 'Reads the weather', input_schema: parameters }];
    let reply;
    do {
      const options = { model: 'claude-sonnet-5', max_tokens: 500, tools, messages };
      reply = await client.messages.stream(options).finalMessage();
      const calls = reply.content.filter(({ type }) => type === 'tool_use');
      messages.push({ role: 'assistant', content: reply.content });
      messages.push({
        role: 'user',
        content: calls.map(({ id, input }) => ({
          type: 'tool_result', tool_use_id: id, content: weather(input),
        })),
      });
    } while (reply.stop_reason === 'tool_use');
    const text = reply.content.map((block) => block.text ?? '').join('');`,
  ),
  'chat completions of openai': sdkAgent(
    'openai',
    `
    const runner = client.chat.completions.runTools({
      model: 'gpt-5.4',
      stream: true,
      messages: [{ role: 'user', content: prompt }],
      tools: [{
        type: 'function',
        function: {
          name: 'weather', description: 'Reads the weather', parameters,
          parse: JSON.parse, function: weather,
        },
      }],
    });
    const text = await runner.finalContent();`,
  ),
  'responses of openai': sdkAgent(
    'openai',
    `
    const tools = [
      { type: 'function', name: 'weather', description: 'Reads the weather', parameters, strict: false },
    ];
    let input = prompt;
    let previous_response_id;
    let text = '';
    while (text === '') {
      const options = { model: 'gpt-5.4', tools, input, previous_response_id };
      const reply = await client.responses.stream(options).finalResponse();
      previous_response_id = reply.id;
      const calls = reply.output.filter(({ type }) => type === 'function_call');
      input = calls.map(({ call_id, arguments: json }) => ({
        type: 'function_call_output', call_id, output: weather(JSON.parse(json)),
      }));
      if (calls.length === 0) text = reply.output_text;
    }`,
  ),
};

test.each(Object.entries(loops))('An agent runs a tool loop with %s.', async (_, program) => {
  const { invoke } = await useEmulator({ agents: [await useAgent(program)] });
  const { seen, text } = await invoke();
  expect(seen).toEqual([{ city: 'Bern' }]);
  expect(text).toContain('20 degrees in Bern');
});

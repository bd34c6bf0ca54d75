import { serverAgent } from './agents.ts';

/** Calls a model through the emulator as often as the prompt says, and returns the last reply. */
export const modelAgent = serverAgent(`
  if (url === '/invocations') {
    const { prompt } = JSON.parse(body);
    const call = async () => {
      const response = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': 'local',
          'anthropic-version': '2023-06-01',
        },
        body: JSON.stringify({
          model: 'claude-sonnet-4-5',
          max_tokens: 1000,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
      });
      return response.json();
    };
    void (async () => {
      let reply = 'no calls';
      for (let left = Number(prompt); left > 0; left--) {
        const { content, error } = await call();
        reply = error ? error.message : content[0].text;
      }
      json(response, { result: reply });
    })();
    return;
  }
`);

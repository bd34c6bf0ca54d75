import { asMembers, asString, readMembers } from '../json.ts';
import type { CreateDialect } from './dialect.ts';
import { createOpenAi } from './openai.ts';
import { createOpenAiResponses } from './openaiResponses.ts';

/** Stream of OpenAI's Agents SDK: the model's events, and each item of the run once it is complete. */
export const createOpenAiAgents: CreateDialect = (shared) => {
  const models = [createOpenAiResponses(shared), createOpenAi(shared)];

  return {
    read(value) {
      const event = asMembers(value);
      switch (event?.['type']) {
        // The names in TypeScript and Python. TypeScript also sends each event in its own form.
        case 'raw_model_stream_event':
        case 'raw_response_event': {
          const data = readMembers(event['data']);
          const modelEvent = data['type'] === 'model' ? data['event'] : data;
          for (const model of models) {
            const events = model.read(modelEvent, undefined);
            if (events) return events;
          }
          return [];
        }
        case 'run_item_stream_event': {
          const item = readMembers(event['item']);
          const raw = readMembers(item['rawItem'] ?? item['raw_item']);
          return models[0]!.read({ type: 'response.output_item.done', item: raw }, undefined);
        }
        case 'agent_updated_stream_event':
          return asString(readMembers(event['agent'] ?? event['new_agent'])['name']) === null
            ? null
            : [];
        default:
          return null;
      }
    },
  };
};

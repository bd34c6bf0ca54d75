import { expect, test } from 'vitest';
import { describeModel } from '../../src/shared/modelName.ts';

test.for([
  ['offline', 'Offline model'],
  ['bedrock', 'Amazon Bedrock'],
  ['anthropic:claude-sonnet-4-5', 'Anthropic (claude-sonnet-4-5)'],
  ['ollama:llama3.2:1b', 'Ollama (llama3.2:1b)'],
  ['openai:https://models.test:8000/v1#m', 'models.test:8000 (m)'],
  ['cassette:tests/a.json', 'Cassette (tests/a.json)'],
  ['record:a.json=bedrock', 'Amazon Bedrock, recorded in a.json'],
  ['a backend of a later version', 'a backend of a later version'],
])('%s is shown as %s.', ([text, name]) => expect(describeModel(text!)).toBe(name));

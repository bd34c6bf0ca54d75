import { randomBytes } from 'node:crypto';
import { writeAnthropicEvents, writeAnthropicReply } from '../../anthropic/anthropicReply.ts';
import { readAnthropicRequest } from '../../anthropic/anthropicRequest.ts';
import { malformed, readText, type ModelBody } from './modelBody.ts';
import type { TextFamily } from './modelFamily.ts';

const VERSION = 'bedrock-2023-05-31';

/** Anthropic's Claude: the body of its Messages API, with the model in the path. */
export const anthropic: TextFamily = {
  kind: 'text',
  readRequest(body, model) {
    checkOwnKeys(body);
    return readAnthropicRequest(body, model);
  },
  writeReply: (reply, { model }) => writeAnthropicReply(reply, createInfo(model)),
  async *writeEvents(events, { model }) {
    for await (const event of writeAnthropicEvents(events, createInfo(model))) {
      // Bedrock's streams have no pings.
      if (event.type !== 'ping') yield event;
    }
  },
};

/** Checks the keys in which the body differs from that of the Messages API. */
function checkOwnKeys(body: ModelBody): void {
  const version = readText(body, 'anthropic_version');
  if (version !== VERSION) {
    throw malformed(`#/anthropic_version: ${version} is not a valid enum value. Use ${VERSION}`);
  }
  if (body['max_tokens'] === undefined) throw malformed('#: required key [max_tokens] not found');
  const extraneous = ['model', 'stream'].find((key) => key in body);
  if (extraneous !== undefined) {
    throw malformed(`#: extraneous key [${extraneous}] is not permitted`);
  }
}

function createInfo(model: string) {
  return { id: `msg_bdrk_${randomBytes(12).toString('hex')}`, model: baseName(model) };
}

/** Replies name Anthropic's model, without Bedrock's prefix and version. */
function baseName(model: string): string {
  return model.replace(/^.*anthropic\./, '').replace(/-v\d+(?::\d+\w*)*$/, '');
}

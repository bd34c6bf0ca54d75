import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { createActivityEmitter } from '../../../../emulator/activity.ts';
import type { Caller } from '../../../../emulator/caller.ts';
import { createAnthropicProtocol } from '../../../../emulator/services/models/anthropic/anthropicProtocol.ts';
import type { ModelBackend } from '../../../../emulator/services/models/modelBackend.ts';
import type { ModelRequest } from '../../../../emulator/services/models/modelRequest.ts';
import { createOpenaiProtocol } from '../../../../emulator/services/models/openai/openaiProtocol.ts';
import { createProtocolRoute } from '../../../../emulator/services/models/protocolRoute.ts';
import type { Span } from '../../../../emulator/span.ts';
import { createScriptedModel, type ScriptedTurn } from './scriptedModel.ts';

/** Both protocols on a real port, with a backend that follows a script. */
export interface TestProtocols {
  readonly url: string;
  readonly anthropic: Anthropic;
  readonly openai: OpenAI;
  /** The requests that the backend received. */
  readonly requests: readonly ModelRequest[];
  readonly spans: readonly Span[];
  /** Sets the session that later requests come from. */
  callAs(caller: Caller | null): void;
}

/** Starts both protocols. Each call of the model plays the next turn, and then the last one again. */
export async function useProtocols(
  turns: readonly ScriptedTurn[],
  backend: Partial<ModelBackend> = {},
): Promise<TestProtocols> {
  const { calls, requests } = createScriptedModel(turns, backend);
  const spans: Span[] = [];
  let caller: Caller | null = null;
  const clock = { now: () => 1_700_000_000_000 };
  const activity = createActivityEmitter();
  activity.subscribe((event) => {
    if (event.type === 'span') spans.push(event.span);
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const context = { clock, activity, logger: silent };
  const routes = [
    createProtocolRoute('/anthropic', async () => createAnthropicProtocol(calls), context),
    createProtocolRoute('/openai/v1', async () => createOpenaiProtocol(calls, clock), context),
  ];
  const server = createServer((request, response) => {
    const line = { method: request.method!, path: request.url! };
    void routes.find((route) => route.matches(line))!.handle!(request, response, {
      ...line,
      caller,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    anthropic: useAnthropic(url),
    openai: useOpenai(url),
    requests,
    spans,
    callAs: (next) => void (caller = next),
  };
}

/** Creates an Anthropic client of an emulator. It does not repeat failed requests. */
function useAnthropic(url: string): Anthropic {
  return new Anthropic({ baseURL: `${url}/anthropic`, apiKey: 'local', maxRetries: 0 });
}

/** Creates an OpenAI client of an emulator. It does not repeat failed requests. */
function useOpenai(url: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/openai/v1`, apiKey: 'local', maxRetries: 0 });
}

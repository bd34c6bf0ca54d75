import { request, type IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import * as dataPlane from '@aws-sdk/client-bedrock-agentcore';
import * as controlPlane from '@aws-sdk/client-bedrock-agentcore-control';
import { onTestFinished } from 'vitest';
import { bindPort } from '../../../emulator/http/port.ts';
import type { Span } from '../../../emulator/span.ts';
import type { Handlers } from '../../../emulator/wire/handlers.ts';
import { operations, type Plane } from '../../../emulator/wire/operations.ts';
import type { RequireSignature } from '../../../emulator/wire/requireSignature.ts';
import { createWire } from '../../../emulator/wire/wire.ts';
import { sdkSettings } from '../../support/sdk.ts';

export type Values = Readonly<Record<string, unknown>>;
type Client = Pick<dataPlane.BedrockAgentCoreClient, 'destroy'> & {
  send(command: unknown): Promise<Values>;
};
type CommandClass = new (input: Values) => unknown;

/** A test's handler of an operation, given its input. */
export type Handler = (input: Values) => object | Promise<object>;

/** A wire behind a real port, with the unmodified SDKs as its clients. */
export interface TestWire {
  readonly url: string;
  readonly port: number;
  /** The logged errors. */
  readonly log: readonly string[];
  readonly spans: readonly Span[];
  /** Calls an operation with the SDK's command. */
  send(operation: string, input: Values): Promise<Values>;
  /** Sends a raw request without the SDK. A stream is sent in chunks. */
  raw(method: string, path: string, init?: RawRequest): Promise<RawAnswer>;
}

export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

/** The exports of each plane's SDK package. */
export const packages: Readonly<Record<Plane, Values>> = {
  data: dataPlane,
  control: controlPlane,
};

/** Opens a port with a wire that emulates the given operations. Both close when the test ends. */
export async function useWire(
  handlers: Readonly<Record<string, Handler>>,
  requireSignature: RequireSignature = () => {},
): Promise<TestWire> {
  const log: string[] = [];
  const spans: Span[] = [];
  const ignore = () => {};
  const wire = createWire({
    handlers: Object.fromEntries(
      Object.entries(handlers).map(([name, handle]) => [
        name,
        { handle: async (input: Values) => handle(input) },
      ]),
    ) as Handlers,
    requireSignature,
    sessionPermissions: { allowed: new Set() },
    clock: Date,
    logger: { debug: ignore, info: ignore, warn: ignore, error: (line) => void log.push(line) },
    activity: {
      emit(activity) {
        if (activity.type === 'span') spans.push(activity.span);
      },
    },
  });
  const port = await bindPort({ host: '127.0.0.1', port: 0 });
  port.serve({
    onRequest(request, response) {
      const line = { method: request.method ?? '', path: request.url ?? '/' };
      void wire.handle(request, response, line, null);
    },
  });
  onTestFinished(() => port.close());

  const url = `http://127.0.0.1:${port.number}`;
  const settings = sdkSettings(url);
  const clients = {
    data: new dataPlane.BedrockAgentCoreClient(settings) as unknown as Client,
    control: new controlPlane.BedrockAgentCoreControlClient(settings) as unknown as Client,
  };
  onTestFinished(() => Object.values(clients).forEach((client) => client.destroy()));

  return {
    url,
    port: port.number,
    log,
    spans,
    async send(name, input) {
      const { plane } = operations.get(name)!;
      const Command = packages[plane][`${name}Command`] as CommandClass;
      return clients[plane].send(new Command(input));
    },
    raw: (method, path, { headers = {}, body = '' } = {}) =>
      new Promise((resolve, reject) => {
        const outgoing = request({
          host: '127.0.0.1',
          port: port.number,
          method,
          path,
          headers,
        });
        outgoing.on('error', reject);
        outgoing.once('response', (incoming) => {
          const { statusCode: status = 0, headers } = incoming;
          json(incoming).then((json) => resolve({ status, headers, json }), reject);
        });
        if (typeof body === 'string') outgoing.end(body);
        else {
          outgoing.flushHeaders();
          body.pipe(outgoing);
        }
      }),
  };
}

import { request, type IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import * as dataPlane from '@aws-sdk/client-bedrock-agentcore';
import * as controlPlane from '@aws-sdk/client-bedrock-agentcore-control';
import * as models from '@aws-sdk/client-bedrock-runtime';
import { makeBuilder } from '@smithy/core/client';
import { NormalizedSchema } from '@smithy/core/schema';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import { onTestFinished } from 'vitest';
import { bindPort } from '../../../emulator/http/port.ts';
import type { Span } from '../../../emulator/span.ts';
import type { Call, Handlers } from '../../../emulator/wire/handlers.ts';
import { operations, type Operation, type Plane } from '../../../emulator/wire/operations.ts';
import type { RequireSignature } from '../../../emulator/wire/requireSignature.ts';
import { createWire } from '../../../emulator/wire/wire.ts';
import { useCurrentModel } from '../../../src/aws/currentModel.ts';
import { bedrockAgentcore } from '../../../src/shared/awsModel/bedrockAgentcore.ts';
import { bedrockAgentcoreControl } from '../../../src/shared/awsModel/bedrockAgentcoreControl.ts';
import { bedrockRuntime } from '../../../src/shared/awsModel/bedrockRuntime.ts';
import { sdkSettings } from '../../support/sdk.ts';

export type Values = Readonly<Record<string, unknown>>;
type Client = { send(command: unknown): Promise<Values> };
type CommandClass = new (input: Values) => unknown;
interface SdkCommandClass {
  new (input: Values): { readonly schema: readonly unknown[] };
  getEndpointParameterInstructions(): Parameters<typeof makeBuilder>[0];
}

/** A test's handler of an operation, given its input and the call. */
export type Handler = (input: Values, call: Call) => object | Promise<object>;

/** A wire behind a real port, with the SDKs as its clients. */
export interface TestWire {
  readonly url: string;
  readonly port: number;
  /** The logged errors and warnings. */
  readonly log: readonly string[];
  readonly spans: readonly Span[];
  /** Calls an operation with the SDK's clients extended by the current model. */
  send(operation: string, input: Values): Promise<Values>;
  /** Calls an operation with the unmodified SDK. */
  sendUnmodified(operation: string, input: Values): Promise<Values>;
  /**
   * Sends a request that the SDK has only serialized, and returns the response as it is. Signing, retries and
   * error classes are most of a call's cost.
   */
  sendSerialized(operation: string, input: Values): Promise<WireResponse>;
  /** Sends a raw request without the SDK. A stream is sent in chunks. */
  raw(method: string, path: string, init?: WireRequest): Promise<WireResponse>;
}

export interface WireRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

/** The members of the SDK's request that a test sends. */
interface SerializedRequest extends Required<WireRequest> {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
}

/** The exports of each plane's SDK package. */
export const packages: Readonly<Record<Plane, Values>> = {
  data: dataPlane,
  control: controlPlane,
  models,
};

/** True if the installed SDK has an operation. */
export function isInSdk({ plane, name }: Operation): boolean {
  return `${name}Command` in packages[plane];
}

/** The installed SDK's own schemas of an operation's input and output. */
export function sdkSchemas({
  plane,
  name,
}: Operation): readonly [NormalizedSchema, NormalizedSchema] {
  const Command = packages[plane][`${name}Command`] as SdkCommandClass;
  const [, , , , input, output] = new Command({}).schema;
  return [NormalizedSchema.of(input as never), NormalizedSchema.of(output as never)];
}

/** Returns an operation's command. One that the SDK lacks gets its schema from the current model. */
function commandClass(plane: Plane, name: string): CommandClass {
  const known = packages[plane][`${name}Command`];
  if (known) return known as CommandClass;
  const Sibling = (plane === 'data'
    ? dataPlane.ListABTestsCommand
    : controlPlane.ListMemoriesCommand) as unknown as SdkCommandClass;
  const parameters = Sibling.getEndpointParameterInstructions();
  const { schema } = new Sibling({});
  const command = makeBuilder(parameters, plane, plane, getEndpointPlugin);
  return command({}, () => [], name, schema.with(2, name) as never);
}

type SdkClient = dataPlane.BedrockAgentCoreClient;

const clientClasses = {
  data: dataPlane.BedrockAgentCoreClient,
  control: controlPlane.BedrockAgentCoreControlClient,
  models: models.BedrockRuntimeClient,
};

const currentModels = {
  data: bedrockAgentcore,
  control: bedrockAgentcoreControl,
  models: bedrockRuntime,
};

function useModel(client: SdkClient, plane: Plane): void {
  useCurrentModel(client, currentModels[plane]);
}

/** Returns the client of a plane, which is created for its first call and configured. */
function useClients(
  url: string,
  configure: (client: SdkClient, plane: Plane) => void,
): (plane: Plane) => SdkClient {
  const clients = new Map<Plane, SdkClient>();
  onTestFinished(() => clients.forEach((client) => client.destroy()));
  return (plane) => {
    let client = clients.get(plane);
    if (client) return client;
    // The tests use only what the clients have in common.
    client = new clientClasses[plane](sdkSettings(url)) as SdkClient;
    configure(client, plane);
    clients.set(plane, client);
    return client;
  };
}

/** Opens a port with a wire that emulates the given operations. Both close when the test ends. */
export async function useWire(
  handlers: Readonly<Record<string, Handler>>,
  requireSignature: RequireSignature = () => {},
): Promise<TestWire> {
  const log: string[] = [];
  const spans: Span[] = [];
  const ignore = () => {};
  const add = (line: string) => void log.push(line);
  const wire = createWire({
    handlers: Object.fromEntries(
      Object.entries(handlers).map(([name, handle]) => [
        name,
        { handle: async (input: Values, call: Call) => handle(input, call) },
      ]),
    ) as Handlers,
    requireSignature,
    sessionPermissions: { allowed: new Set() },
    clock: Date,
    logger: { debug: ignore, info: ignore, warn: add, error: add },
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
  const unmodified = useClients(url, () => {});
  const current = useClients(url, useModel);
  const serializing = useClients(url, (client, plane) => {
    useModel(client, plane);
    client.middlewareStack.add(
      (() =>
        ({ request }: { request: unknown }) => ({ output: request, response: {} })) as never,
      { step: 'build', priority: 'high', name: 'returnRequest' },
    );
  });

  function call(
    clientOf: (plane: Plane) => SdkClient,
    name: string,
    input: Values,
  ): Promise<Values> {
    const { plane } = operations.get(name)!;
    const client = clientOf(plane) as unknown as Client;
    return client.send(new (commandClass(plane, name))(input));
  }

  const raw: TestWire['raw'] = (method, path, { headers = {}, body = '' } = {}) =>
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
      if (typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body);
      else {
        outgoing.flushHeaders();
        body.pipe(outgoing);
      }
    });

  return {
    url,
    port: port.number,
    log,
    spans,
    send: (name, input) => call(current, name, input),
    sendUnmodified: (name, input) => call(unmodified, name, input),
    async sendSerialized(name, input) {
      const { method, path, query, headers, body } = (await call(
        serializing,
        name,
        input,
      )) as unknown as SerializedRequest;
      const search = new URLSearchParams();
      for (const [key, values] of Object.entries(query))
        for (const value of [values].flat()) search.append(key, value);
      return raw(method, search.size > 0 ? `${path}?${search}` : path, { headers, body });
    },
    raw,
  };
}

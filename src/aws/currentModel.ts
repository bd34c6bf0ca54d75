import type { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore';
import type { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control';
import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { TypeRegistry } from '@smithy/core/schema';
import { getSmithyContext } from '@smithy/core/transport';
import type { ModelOperation, ServiceModel } from '../shared/awsModel/model.ts';
import type { Member, Schema } from '../shared/awsModel/schema.ts';

// The SDK's own form of a schema, in which a client's operations and shapes are written.
const STRING = 0;
const NUMERIC = 1;
const BOOLEAN = 2;
const TIMESTAMP = 4;
const ISO_TIMESTAMP = 5;
const DOCUMENT = 15;
const BLOB = 21;
const STREAMING_BLOB = 42;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const ERROR = -3;
const OPERATION = 9;
type SdkSchema = number | readonly unknown[];

/**
 * Makes a client send and read by the current model, so that members pass that the installed client
 * does not have. The client's own schemas are replaced before each call.
 */
export function useCurrentModel(
  client: Pick<
    BedrockAgentCoreClient | BedrockAgentCoreControlClient | BedrockRuntimeClient,
    'middlewareStack'
  >,
  model: ServiceModel,
): void {
  const schemas = new Map<string, SdkSchema>();
  const { middlewareStack } = client as Pick<BedrockAgentCoreClient, 'middlewareStack'>;
  middlewareStack.add(
    (next, context) => (args) => {
      const smithyContext = getSmithyContext(context);
      const [, namespace, name] = smithyContext['operationSchema'] as [number, string, string];
      const operation = model.operations.get(name);
      if (operation) {
        let schema = schemas.get(name);
        if (!schema) schemas.set(name, (schema = createSchemas(namespace).operation(operation)));
        smithyContext['operationSchema'] = schema;
      }
      return next(args);
    },
    { step: 'initialize', name: 'currentModel' },
  );
}

function createSchemas(namespace: string) {
  const complex = new Map<Schema, SdkSchema>();

  function findSchema(schema: Schema): SdkSchema {
    switch (schema.type) {
      case 'string':
        return STRING;
      case 'integer':
      case 'float':
        return NUMERIC;
      case 'boolean':
        return BOOLEAN;
      case 'timestamp':
        return schema.isIso ? ISO_TIMESTAMP : TIMESTAMP;
      case 'document':
        return DOCUMENT;
      case 'blob':
        return schema.isStreaming ? STREAMING_BLOB : BLOB;
      case 'list':
      case 'map':
      case 'structure':
      case 'union': {
        let created = complex.get(schema);
        if (!created) complex.set(schema, (created = createSchema(schema)));
        return created;
      }
    }
  }

  function createSchema(schema: Schema): SdkSchema {
    const { name, type, isStreaming, isError } = schema;
    if (type === 'list') return [LIST, namespace, name, 0, () => findSchema(schema.each)];
    if (type === 'map') return [MAP, namespace, name, 0, STRING, () => findSchema(schema.each)];
    // The client maps its own error schemas to its error classes.
    const known = isError && TypeRegistry.for(namespace).find(isErrorNamed(name));
    if (known) return known as unknown as SdkSchema;
    const members = [...schema.members.values()];
    return [
      type === 'union' ? UNION : STRUCTURE,
      namespace,
      name,
      isStreaming ? { streaming: 1 } : 0,
      members.map((member) => member.name),
      members.map((member) => [() => findSchema(member.schema), createTraits(member)]),
    ];
  }

  return {
    operation: ({ name, method, template, status, input, output }: ModelOperation): SdkSchema => [
      OPERATION,
      namespace,
      name,
      { http: [method, template, status] },
      () => findSchema(input),
      () => findSchema(output),
    ],
  };
}

function isErrorNamed(name: string) {
  return (schema: unknown) => Array.isArray(schema) && schema[0] === ERROR && schema[2] === name;
}

function createTraits({
  location,
  wireName,
  name,
  isToken,
}: Member): Readonly<Record<string, unknown>> {
  return {
    ...(location === 'label' && { httpLabel: 1 }),
    ...(location === 'query' && { httpQuery: wireName }),
    ...(location === 'header' && { httpHeader: wireName }),
    ...(location === 'status' && { httpResponseCode: 1 }),
    ...(location === 'payload' && { httpPayload: 1 }),
    ...(location === 'body' && wireName !== name && { jsonName: wireName }),
    ...(isToken && { idempotencyToken: 1 }),
  };
}

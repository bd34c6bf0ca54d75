import { NormalizedSchema } from '@smithy/core/schema';
import type { OperationName } from './operationTypes.ts';

/** An AWS service whose operations share the emulator's port. */
interface AwsService {
  /** The service's name in a SigV4 credential scope: the `signingName` of its SDK client. */
  readonly signingName: string;
  /** The environment variable by which every AWS SDK finds the service's endpoint. */
  readonly endpointVariable: string;
  /** The generated schemas of the service's SDK client. */
  readonly schemas: Readonly<Record<string, unknown>>;
}

// To add an AWS service, add an entry here and its client in operationTypes.ts. The schemas are
// imported as modules of their own: bundled with ours, each of their 1,500 constants would become a
// function that is compiled to be called once.
const services = {
  data: {
    signingName: 'bedrock-agentcore',
    endpointVariable: 'AWS_ENDPOINT_URL_BEDROCK_AGENTCORE',
    schemas: await import('@aws-sdk/client-bedrock-agentcore/dist-es/schemas/schemas_0.js'),
  },
  control: {
    signingName: 'bedrock-agentcore',
    endpointVariable: 'AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL',
    schemas: await import('@aws-sdk/client-bedrock-agentcore-control/dist-es/schemas/schemas_0.js'),
  },
} as const satisfies Record<string, AwsService>;

/** A service of `services`. AgentCore's two planes have a host each in AWS and share a port here. */
export type Plane = keyof typeof services;

/** One operation, as the AWS SDK's own schema describes it. */
export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name;
  readonly plane: Plane;
  readonly signingName: string;
  readonly method: string;
  /** The path with its labels, such as `/runtimes/{agentRuntimeArn}/invocations`. */
  readonly template: string;
  /** The HTTP status of success. */
  readonly status: number;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

// The SDK's schema files encode an operation and an error as: kind, namespace, name, traits, …
const OPERATION = 9;
const ERROR = -3;
type OperationSchema = readonly [
  kind: typeof OPERATION,
  namespace: string,
  name: OperationName,
  traits: { readonly http: readonly [method: string, template: string, status: number] },
  input: () => never,
  output: () => never,
];
type ErrorSchema = readonly [
  kind: typeof ERROR,
  namespace: string,
  name: string,
  traits: { readonly httpError?: number },
];

/** Every operation of every service, by name. No two services share an operation's name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(services).flatMap(([plane, { signingName, schemas }]) =>
    Object.values<unknown>(schemas)
      .filter((schema): schema is OperationSchema => isSchema(schema, OPERATION))
      .map(([, , name, { http }, input, output]) => [
        name,
        {
          name,
          plane: plane as Plane,
          signingName,
          method: http[0],
          template: http[1],
          status: http[2],
          // Resolved on first use: most operations are never called.
          get input() {
            return NormalizedSchema.of(input);
          },
          get output() {
            return NormalizedSchema.of(output);
          },
        },
      ]),
  ),
);

/** Returns an operation with the types of its own input and output. */
export function operationNamed<Name extends OperationName>(name: Name): Operation<Name> {
  return operations.get(name) as Operation<Name>;
}

/** True for operations of an agent's callers. The agent's authorizer decides who may send them. */
export function reachesAgent({ plane, template }: Operation): boolean {
  return plane === 'data' && template.startsWith('/runtimes/{agentRuntimeArn}/');
}

/** The variables by which every AWS SDK sends its calls of these services to one endpoint. */
export function endpointVariables(url: string): Record<string, string> {
  return Object.fromEntries(
    Object.values(services).map(({ endpointVariable }) => [endpointVariable, url]),
  );
}

/** The HTTP status of every error that AWS's models name. */
export const errorStatuses: ReadonlyMap<string, number> = new Map(
  Object.values(services).flatMap(({ schemas }) =>
    Object.values<unknown>(schemas)
      .filter((schema): schema is ErrorSchema => isSchema(schema, ERROR))
      .map(([, , name, { httpError = 500 }]) => [name, httpError]),
  ),
);

function isSchema(schema: unknown, kind: number): boolean {
  return Array.isArray(schema) && schema[0] === kind;
}

import { NormalizedSchema } from '@smithy/core/schema';

/** AWS speaks AgentCore at two hosts; here both planes share one port. */
export type Plane = 'data' | 'control';

/** One operation of AgentCore, as the AWS SDK's own schema describes it. */
export interface Operation {
  readonly name: string;
  readonly plane: Plane;
  readonly method: string;
  /** The path with its labels, such as `/runtimes/{agentRuntimeArn}/invocations`. */
  readonly template: string;
  /** The status of success. */
  readonly status: number;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

// How the SDK's schema files encode an operation and an error: kind, namespace, name, traits, …
const OPERATION = 9;
const ERROR = -3;
type OperationSchema = readonly [
  kind: typeof OPERATION,
  namespace: string,
  name: string,
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

// Imported as modules of their own. Made one with ours by the bundler, each of their 1,500 constants
// would be reached by a function, compiled to be called once.
const planes: Readonly<Record<Plane, Readonly<Record<string, unknown>>>> = {
  data: await import('@aws-sdk/client-bedrock-agentcore/dist-es/schemas/schemas_0.js'),
  control: await import('@aws-sdk/client-bedrock-agentcore-control/dist-es/schemas/schemas_0.js'),
};

/** Every operation of both planes, by name; no two planes share a name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(planes).flatMap(([plane, schemas]) =>
    Object.values(schemas)
      .filter((schema): schema is OperationSchema => isSchema(schema, OPERATION))
      .map(([, , name, { http }, input, output]) => [
        name,
        {
          name,
          plane: plane as Plane,
          method: http[0],
          template: http[1],
          status: http[2],
          // Shapes are looked up when an operation is first used: most never are.
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

/** Whether an operation is one that an agent's caller sends, who need not be known to AWS. */
export function reachesAgent({ plane, template }: Operation): boolean {
  return plane === 'data' && template.startsWith('/runtimes/{agentRuntimeArn}/');
}

/** The HTTP status of every error that AWS's model names. */
export const errorStatuses: ReadonlyMap<string, number> = new Map(
  Object.values(planes).flatMap((schemas) =>
    Object.values(schemas)
      .filter((schema): schema is ErrorSchema => isSchema(schema, ERROR))
      .map(([, , name, { httpError = 500 }]) => [name, httpError]),
  ),
);

function isSchema(schema: unknown, kind: number): boolean {
  return Array.isArray(schema) && schema[0] === kind;
}

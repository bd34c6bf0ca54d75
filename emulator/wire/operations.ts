import { bedrockAgentcore } from '../../src/shared/awsModel/bedrockAgentcore.ts';
import { bedrockAgentcoreControl } from '../../src/shared/awsModel/bedrockAgentcoreControl.ts';
import { bedrockRuntime } from '../../src/shared/awsModel/bedrockRuntime.ts';
import type { ModelOperation, ServiceModel } from '../../src/shared/awsModel/model.ts';
import type { OperationName } from './operationTypes.ts';

// To add an AWS service, add an entry here and its client in operationTypes.ts.
const services = {
  data: bedrockAgentcore,
  control: bedrockAgentcoreControl,
  models: bedrockRuntime,
} as const satisfies Record<string, ServiceModel>;

/** A service of `services`: a plane of AgentCore, or Bedrock Runtime. Each has a host of its own in AWS. */
export type Plane = keyof typeof services;

/** An operation of AWS's model, with the service that it belongs to. */
export interface Operation<Name extends OperationName = OperationName> extends ModelOperation {
  readonly name: Name;
  readonly plane: Plane;
  readonly signingName: string;
}

/** Every operation of every service, by name. No two services share an operation's name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(services).flatMap(([plane, { operations }]) =>
    Array.from(operations, ([name, operation]) => [
      name,
      createOperation(plane as Plane, operation, operation),
    ]),
  ),
);

/**
 * Operations by their routes in earlier models, which older SDKs still send. None of them is emulated:
 * the locations of their members changed, too.
 */
export const formerRoutes: readonly Operation[] = (
  [
    ['ListDatasets', '/datasets'],
    ['ListDatasetVersions', '/datasets/{datasetId}/versions'],
    ['ListDatasetExamples', '/datasets/{datasetId}/examples'],
  ] as const
).map(([name, template]) =>
  createOperation('control', services.control.operations.get(name)!, { method: 'GET', template }),
);

function createOperation(
  plane: Plane,
  operation: ModelOperation,
  { method, template }: Pick<ModelOperation, 'method' | 'template'>,
): Operation {
  return {
    name: operation.name as OperationName,
    plane,
    signingName: services[plane].signingName,
    method,
    template,
    status: operation.status,
    // Resolved on first use: most operations are never called.
    get input() {
      return operation.input;
    },
    get output() {
      return operation.output;
    },
  };
}

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

/**
 * The HTTP status of every error that AWS's models name. Where Bedrock Runtime differs from AgentCore
 * (ConflictException, ServiceQuotaExceededException), AgentCore's counts: no emulated operation of
 * Bedrock Runtime has these errors.
 */
export const errorStatuses: ReadonlyMap<string, number> = new Map(
  [services.models, services.data, services.control].flatMap(({ errors }) =>
    Object.entries(errors),
  ),
);

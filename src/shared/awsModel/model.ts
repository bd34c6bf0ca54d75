import { Schema, type ShapeEntry } from './schema.ts';

/** An operation of an AWS service. */
export interface ModelOperation {
  readonly name: string;
  readonly method: string;
  /** The path with its labels, such as `/runtimes/{agentRuntimeArn}/invocations`. */
  readonly template: string;
  /** The HTTP status of success. */
  readonly status: number;
  readonly input: Schema;
  readonly output: Schema;
}

/** The model of an AWS service. */
export interface ServiceModel {
  /** The service's name in a SigV4 credential scope. */
  readonly signingName: string;
  /** The environment variable by which every AWS SDK finds the service's endpoint. */
  readonly endpointVariable: string;
  readonly operations: ReadonlyMap<string, ModelOperation>;
  /** The HTTP statuses of the service's errors. */
  readonly errors: Readonly<Record<string, number>>;
}

interface OperationEntry {
  readonly method: string;
  readonly template: string;
  readonly status: number;
  readonly input: string;
  readonly output: string;
}

/**
 * Creates the model of a service from its generated texts. A start needs only the operations, so the
 * shapes are parsed when the first is used, and each is resolved on its first use.
 */
export function createServiceModel(
  { serviceId, signingName }: { readonly serviceId: string; readonly signingName: string },
  operationsText: string,
  shapesText: string,
): ServiceModel {
  const { operations, errors } = JSON.parse(operationsText) as {
    readonly operations: Readonly<Record<string, OperationEntry>>;
    readonly errors: Readonly<Record<string, number>>;
  };
  const schemas = new Map<string, Schema>();
  let shapes: Readonly<Record<string, ShapeEntry>> | undefined;

  function resolve(name: string): Schema {
    let schema = schemas.get(name);
    if (!schema) {
      shapes ??= JSON.parse(shapesText) as typeof shapes;
      schemas.set(name, (schema = new Schema(name, shapes![name]!, resolve)));
    }
    return schema;
  }

  return {
    signingName,
    endpointVariable: `AWS_ENDPOINT_URL_${serviceId.toUpperCase().replaceAll(' ', '_')}`,
    operations: new Map(
      Object.entries(operations).map(([name, { method, template, status, input, output }]) => [
        name,
        {
          name,
          method,
          template,
          status,
          get input() {
            return resolve(input);
          },
          get output() {
            return resolve(output);
          },
        },
      ]),
    ),
    errors,
  };
}

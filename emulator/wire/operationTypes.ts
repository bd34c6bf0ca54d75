import type * as dataPlane from '@aws-sdk/client-bedrock-agentcore';
import type * as controlPlane from '@aws-sdk/client-bedrock-agentcore-control';
import type * as models from '@aws-sdk/client-bedrock-runtime';
import type { NewBedrockAgentcoreOperations } from '../../src/shared/awsModel/bedrockAgentcoreTypes.ts';
import type { NewBedrockAgentcoreControlOperations } from '../../src/shared/awsModel/bedrockAgentcoreControlTypes.ts';
import type { StreamingBody } from './streamingBody.ts';

// The types of every operation, derived from the command classes of the AWS SDK's clients. A service
// that is added to operations.ts is added here too.
type Clients = typeof dataPlane & typeof controlPlane & typeof models;

/** The operations that the installed clients lack, in the form of their command classes. */
type NewOperations = NewBedrockAgentcoreOperations & NewBedrockAgentcoreControlOperations;
type NewCommandClasses = {
  readonly [Name in keyof NewOperations]: abstract new () => {
    readonly input: NewOperations[Name]['input'];
    resolveMiddleware(): () => Promise<{ output: NewOperations[Name]['output'] }>;
  };
};

type CommandClasses = NewCommandClasses & {
  readonly [
    Key in keyof Clients as Key extends `${infer Name}Command`
      ? Name extends '$'
        ? never
        : Name
      : never
  ]: Clients[Key];
};

/** The name of an operation of AWS's model, such as `InvokeAgentRuntime`. */
export type OperationName = keyof CommandClasses;

/** An action as IAM names it: an operation, or a request that is not an operation of the SDKs. */
export type ActionName =
  | OperationName
  | 'InvokeAgentRuntimeCommandShell'
  | 'InvokeAgentRuntimeProxy'
  | 'InvokeAgentRuntimeWithWebSocketStream';

type CommandOf<Name extends OperationName> = CommandClasses[Name] extends abstract new (
  ...parameters: never
) => infer Command
  ? Command
  : never;

type SdkInput<Command> = Command extends { readonly input: infer Input } ? Input : never;

type SdkOutput<Command> = Command extends {
  resolveMiddleware(
    ...parameters: never
  ): (...parameters: never) => Promise<{ output: infer Output }>;
}
  ? Output
  : never;

/**
 * An operation's input as a handler receives it: validated, with the body of a raw payload as a
 * Buffer, where the SDK accepts many kinds of bytes.
 */
export type OperationInput<Name extends OperationName> = RawPayloads<SdkInput<CommandOf<Name>>>;

type RawPayloads<Input> = {
  readonly [
    Member in keyof Input as Uint8Array extends Input[Member] ? never : Member
  ]: Input[Member];
} & {
  readonly [Member in keyof Input as Uint8Array extends Input[Member] ? Member : never]:
    Buffer | Extract<Input[Member], undefined>;
};

/**
 * An operation's output as a handler returns it: without the SDK's metadata, with a raw body as bytes,
 * or as a stream that is passed on as it arrives.
 */
export type OperationOutput<Name extends OperationName> = RawBodies<SdkOutput<CommandOf<Name>>>;

type RawBodies<Output> = {
  readonly [
    Member in keyof Output as Member extends '$metadata' ? never : Member
  ]: Output[Member] extends { transformToByteArray(): unknown } | undefined
    ? StreamingBody
    : Output[Member] extends Uint8Array
      ? Uint8Array
      : Output[Member];
};

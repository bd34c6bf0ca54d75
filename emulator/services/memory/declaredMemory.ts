import type { CreateMemoryInput } from '@aws-sdk/client-bedrock-agentcore-control';

/** A memory that a project declares, in the terms of CreateMemory. */
export interface DeclaredMemory extends Pick<
  CreateMemoryInput,
  'memoryStrategies' | 'indexedKeys' | 'tags' | 'encryptionKeyArn' | 'memoryExecutionRoleArn'
> {
  readonly project: string;
  /** The project's folder, from which its id is derived, so that it stays the same. */
  readonly root: string;
  readonly name: string;
  /** In days. */
  readonly eventExpiryDuration: number;
}

import type { CreateMemoryInput } from '@aws-sdk/client-bedrock-agentcore-control';

/** A memory that a project declares, with the settings of CreateMemory. */
export interface DeclaredMemory extends Pick<
  CreateMemoryInput,
  'memoryStrategies' | 'indexedKeys' | 'tags' | 'encryptionKeyArn' | 'memoryExecutionRoleArn'
> {
  readonly project: string;
  /** The project's folder. The memory's id is derived from it and so stays the same. */
  readonly root: string;
  readonly name: string;
  /** In days. */
  readonly eventExpiryDuration: number;
}

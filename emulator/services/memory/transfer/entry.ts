import type { CreateEventInput, MemoryRecordCreateInput } from '@aws-sdk/client-bedrock-agentcore';
import type { CreateMemoryInput, Memory } from '@aws-sdk/client-bedrock-agentcore-control';
import type { RecordExpiry } from '../recordStore.ts';
import type { Insight } from '../extraction/extractor.ts';

/** A parsed line of an export, in the shapes of AWS. A memory is identified by its name. */
export type TransferEntry =
  | { readonly type: 'memory'; readonly memory: Memory & Pick<CreateMemoryInput, 'tags'> }
  | (EventLocation & {
      readonly type: 'session';
      readonly createdAt: Date;
      readonly branches: readonly NamedBranch[];
    })
  | (EventLocation & {
      readonly type: 'event';
      /** Null to assign the next id of its time. */
      readonly eventId: string | null;
      readonly event: CreateEventInput;
    })
  | {
      readonly type: 'record';
      readonly memory: string;
      readonly memoryRecordId: string;
      readonly record: MemoryRecordCreateInput;
      readonly createdAt: Date;
      readonly updatedAt: Date;
      readonly expiry: RecordExpiry;
      readonly insight: TransferredInsight | null;
    };

/** The session of an event. */
export interface EventLocation {
  readonly memory: string;
  readonly actorId: string;
  readonly sessionId: string;
}

/** A branch with its parent and root event. The root event may have been deleted. */
export interface NamedBranch {
  readonly name: string;
  readonly rootEventId: string;
  readonly parent: string;
}

/** The insight of an extracted record. */
export type TransferredInsight = Pick<Insight, 'subject' | 'gist' | 'at'>;

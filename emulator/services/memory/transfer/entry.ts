import type { CreateEventInput, MemoryRecordCreateInput } from '@aws-sdk/client-bedrock-agentcore';
import type { CreateMemoryInput, Memory } from '@aws-sdk/client-bedrock-agentcore-control';
import type { Insight } from '../extraction/extractor.ts';

/** What a line says, in the words of AWS's own shapes; a memory is known by its name. */
export type TransferEntry =
  | { readonly type: 'memory'; readonly memory: Memory & Pick<CreateMemoryInput, 'tags'> }
  | (EventLocation & {
      readonly type: 'session';
      readonly createdAt: Date;
      readonly branches: readonly NamedBranch[];
    })
  | (EventLocation & {
      readonly type: 'event';
      /** Null where it is to get the next of its moment. */
      readonly eventId: string | null;
      readonly event: CreateEventInput;
    })
  | {
      readonly type: 'record';
      readonly memory: string;
      readonly memoryRecordId: string;
      readonly record: MemoryRecordCreateInput;
      readonly updatedAt: Date;
      readonly insight: TransferredInsight | null;
    };

/** Where an event is. */
export interface EventLocation {
  readonly memory: string;
  readonly actorId: string;
  readonly sessionId: string;
}

/** A branch, and the event of its parent at which it began, which may be there no more. */
export interface NamedBranch {
  readonly name: string;
  readonly rootEventId: string;
  readonly parent: string;
}

/** Of what is told apart and when, where a record was extracted. */
export type TransferredInsight = Pick<Insight, 'subject' | 'gist' | 'at'>;

import type { Sender } from './credential.ts';
import { accessDenied } from './errors.ts';

// A session's address is known to whatever runs in its machine, which may be walled off because nobody
// trusts it. So it is given what agents need and nothing by which code is run or changed elsewhere; all
// that is not in this table is the operator's.
const OPEN: ReadonlySet<string> = new Set([
  'InvokeAgentRuntime',
  'InvokeAgentRuntimeWithWebSocketStream',
  'CreateMemory',
  'UpdateMemory',
  'DeleteMemory',
  'CreateEvent',
  'DeleteEvent',
  'RetrieveMemoryRecords',
  'DeleteMemoryRecord',
  'BatchCreateMemoryRecords',
  'BatchUpdateMemoryRecords',
  'BatchDeleteMemoryRecords',
  'StartMemoryExtractionJob',
  'IngestData',
]);

/** What looks and changes nothing: of either plane, as the services name it. */
const LOOKS = /^(?:Get|List)[A-Z]/;

/** What a session may do to itself: it could do so without us. */
const TO_ITSELF: ReadonlySet<string> = new Set([
  'InvokeAgentRuntimeCommand',
  'InvokeAgentRuntimeCommandShell',
  'StopRuntimeSession',
]);

/** Refuses what a session may not ask for by its own address; whoever came by another may. */
export function refuseToSession(
  action: string,
  { caller }: Pick<Sender, 'caller'>,
  isOwnSession: () => boolean = () => false,
): void {
  if (caller === null || OPEN.has(action) || LOOKS.test(action)) return;
  const isOwn = TO_ITSELF.has(action);
  if (isOwn && isOwnSession()) return;
  throw accessDenied(
    `${action} is not for what comes by a session's own address (/@…)${isOwn ? ', but in that session itself' : ''}: it may invoke agents, use Memory, and look with Get and List. What is to do more is given the emulator's own address.`,
  );
}

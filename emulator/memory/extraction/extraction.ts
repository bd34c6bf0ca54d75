import type { PayloadType } from '@aws-sdk/client-bedrock-agentcore';
import type { Cancel, Clock } from '../../clock.ts';
import type { Conversation } from '../eventStore.ts';
import type { Memories } from '../memories.ts';
import { newRecordId } from '../recordStore.ts';
import type { Strategy } from '../strategies.ts';
import { consolidate } from './consolidation.ts';
import type { Extractor, Kind, Turn } from './extractor.ts';
import type { Ledger, Pending } from './ledger.ts';
import { namespaceOf, type NamespaceVariables } from './namespace.ts';
import { plainText } from './plainText.ts';

/** A session's turns are read together, once nothing has been added to them for so long. */
const QUIET_MILLISECONDS = 10_000;
/** One in which something is always being said does not wait longer than this. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

/** Makes records of events in the background, when the clock says so. */
export interface Extraction {
  /** An event of this session is to be extracted. */
  expect(conversation: Conversation): void;
  /** Does something while nothing is being extracted, and extracts nothing until it is done. */
  pauseFor<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for what is being written; what is pending stays so. */
  close(): Promise<void>;
}

/** Takes up what an earlier run of the emulator left, and all that is to come. */
export function createExtraction({
  memories,
  ledger,
  extractor,
  clock,
  atomically,
}: {
  memories: Pick<Memories, 'find'>;
  ledger: Ledger;
  extractor: Extractor;
  clock: Clock;
  atomically: <T>(work: () => T) => T;
}): Extraction {
  const waiting = new Map<string, { readonly since: number; readonly cancel: Cancel }>();
  // One after the other: sessions of an actor share namespaces, where the last word counts.
  let running: Promise<void> = Promise.resolve();

  function schedule({ memory, actor, session }: Conversation, first: number, last: number): void {
    const key = JSON.stringify([memory, actor, session]);
    const { since = first, cancel } = waiting.get(key) ?? {};
    cancel?.();
    const time = Math.min(last + QUIET_MILLISECONDS, since + LONGEST_WAIT_MILLISECONDS);
    waiting.set(key, {
      since,
      cancel: clock.at(time, () => {
        waiting.delete(key);
        const work = running.then(() => extract({ memory, actor, session }));
        // What fails stays pending until the session's next event, or the emulator's next start.
        running = work.catch(() => {});
        return work;
      }),
    });
  }

  async function extract(conversation: Conversation): Promise<void> {
    const groups = Map.groupBy(ledger.pending(conversation), ({ variables }) => variables);
    for (const [variables, pending] of groups) {
      await extractFrom(conversation, pending, JSON.parse(variables) as NamespaceVariables);
    }
  }

  async function extractFrom(
    conversation: Conversation,
    pending: readonly Pending[],
    variables: NamespaceVariables,
  ): Promise<void> {
    const { memory, session } = conversation;
    const turns = pending.flatMap(({ payload }) => turnsOf(payload));
    const results = await Promise.all(
      memories.find(memory).strategies.map(async (strategy) => {
        const namespace = namespaceOf(strategy, conversation, variables);
        const known = ledger.known(memory, namespace, strategy.strategyId);
        const insights = await extractor.extract(kindOf(strategy), { session, turns }, known);
        return { namespace, strategy: strategy.strategyId, changes: consolidate(known, insights) };
      }),
    );
    atomically(() => {
      // They may have been deleted meanwhile, with their memory or without.
      if (!ledger.settle(pending)) return;
      const now = clock.now();
      const metadata = JSON.stringify({ extractor: { stringValue: extractor.name } });
      for (const { namespace, strategy, changes } of results) {
        for (const change of changes) {
          const id = newRecordId();
          const record = { id, namespace, strategy, metadata, createdAt: now, updatedAt: now };
          ledger.apply(memory, change, record);
        }
      }
    });
  }

  for (const { first, last, ...conversation } of ledger.sessions()) {
    schedule(conversation, first, last);
  }

  return {
    expect(conversation) {
      const now = clock.now();
      schedule(conversation, now, now);
    },
    pauseFor(work) {
      const done = running.then(work);
      running = done.then(
        () => {},
        () => {},
      );
      return done;
    },
    async close() {
      for (const { cancel } of waiting.values()) cancel();
      await running;
    },
  };
}

const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/^SEMANTIC/, 'facts'],
  [/^USER_PREFERENCE/, 'preferences'],
  [/^SUMMAR/, 'summary'],
  [/^EPISODIC/, 'episode'],
];

/** What a strategy looks for; a custom one as the kind that it overrides. */
function kindOf({ type, configuration }: Strategy): Kind {
  const name = type === 'CUSTOM' ? (configuration?.type ?? '') : type;
  // Strategies of no known kind are refused when they are made.
  return kinds.find(([pattern]) => pattern.test(name))![1];
}

/** What was said in an event. */
function turnsOf(payload: string): Turn[] {
  return (JSON.parse(payload) as PayloadType[]).flatMap(({ conversational }) => {
    const text = plainText(conversational?.content?.text ?? '');
    return conversational && text !== '' ? { role: conversational.role!, text } : [];
  });
}

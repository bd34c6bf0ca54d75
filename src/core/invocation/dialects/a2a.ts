import type { StreamEvent } from '../answer.ts';
import { asMembers, asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import { createStreamedText, type StreamedText } from '../streamedText.ts';
import { eventsAfterOffset, readParts, fingerprintParts } from './a2aParts.ts';
import type { CreateDialect } from './dialect.ts';

/** What ends a task without success. */
const FAILURES = new Set(['failed', 'rejected', 'canceled', 'auth-required']);

/** What agents on Strands call whatever they answer. */
const UNNAMED = new Set(['agent_response']);

/** By what a task is known, as far as it is told. */
interface TaskIds {
  readonly taskId: unknown;
  readonly contextId: unknown;
}

/** Messages, tasks and their updates of A2A, of its version 0.3 and of 1.0. */
export const createA2a: CreateDialect = () => {
  // What was said in messages of the task; some agents say it once more as its artifact.
  const said = createStreamedText();
  let waits = false;
  const artifacts = new Map<unknown, StreamedText>();

  function say(list: unknown): StreamEvent[] {
    const parts = readParts(list);
    said.append(fingerprintParts(parts));
    return eventsAfterOffset(parts, 0);
  }

  /** Texts that follow each other are one: servers keep what came in pieces as so many parts. */
  function readArtifact(artifact: JsonMembers, append: boolean): StreamEvent[] {
    const parts = readParts(artifact['parts']);
    const whole = fingerprintParts(parts);
    const id = artifact['artifactId'];
    const before = artifacts.get(id);
    const isFirst = said.length() === 0 && artifacts.size === 0;
    if (append && before) {
      before.append(whole);
      return eventsAfterOffset(parts, 0);
    }
    artifacts.set(id, createStreamedText(whole));
    const beyond = (before ?? said).remainder(whole) ?? whole;
    const fresh = eventsAfterOffset(parts, whole.length - beyond.length);
    if (before || fresh.length === 0 || beyond.length < whole.length) return fresh;
    return [...headingOf(artifact['name'], isFirst), ...fresh];
  }

  /** Tells what has changed of whether the task waits. */
  function readWaiting(name: string, ids: TaskIds): StreamEvent[] {
    const [id, contextId] = [asString(ids.taskId), asString(ids.contextId)];
    const wasWaiting = waits;
    waits = name === 'input-required' && id !== null && contextId !== null;
    if (waits) return [{ type: 'waiting', task: { id: id!, contextId: contextId! } }];
    return wasWaiting ? [{ type: 'waiting', task: null }] : [];
  }

  function readStatus({ state, message }: JsonMembers, ids: TaskIds): StreamEvent[] {
    const name = nameOf(state);
    const { parts } = membersOf(message);
    const waiting = readWaiting(name, ids);
    if (!FAILURES.has(name)) return [...say(parts), ...waiting];
    const text = fingerprintParts(readParts(parts));
    const why = text === '' ? `The task is ${name}.` : text;
    return [...waiting, { type: 'failure', failure: { name: `Task ${name}`, message: why } }];
  }

  function readUpdate({ status, taskId, contextId }: JsonMembers): StreamEvent[] {
    return readStatus(membersOf(status), { taskId, contextId });
  }

  function readTask(task: JsonMembers): StreamEvent[] {
    return [
      ...elementsOf(task['artifacts']).flatMap((one) => readArtifact(membersOf(one), false)),
      ...readStatus(membersOf(task['status']), {
        taskId: task['id'],
        contextId: task['contextId'],
      }),
    ];
  }

  return {
    read(value) {
      const answer = asMembers(value);
      const result = asMembers(answer?.['result']);
      if (answer?.['jsonrpc'] !== '2.0' || result === null) return null;
      const { kind, parts, artifact, append } = result;
      const { task, message, statusUpdate, artifactUpdate } = result;
      if (asMembers(task)) return readTask(membersOf(task));
      if (asMembers(message)) return say(membersOf(message)['parts']);
      if (asMembers(statusUpdate)) return readUpdate(membersOf(statusUpdate));
      if (asMembers(artifactUpdate)) {
        const update = membersOf(artifactUpdate);
        return readArtifact(membersOf(update['artifact']), update['append'] === true);
      }
      if (kind === 'message') return say(parts);
      if (kind === 'task') return readTask(result);
      if (kind === 'status-update') return readUpdate(result);
      if (kind === 'artifact-update') return readArtifact(membersOf(artifact), append === true);
      return null;
    },
  };
};

function nameOf(state: unknown): string {
  return (asString(state) ?? 'unknown')
    .replace('TASK_STATE_', '')
    .toLowerCase()
    .replaceAll('_', '-');
}

/** The artifact's name, apart from what was said before it. */
function headingOf(value: unknown, isFirst: boolean): StreamEvent[] {
  const name = asString(value)?.trim() ?? '';
  const apart = isFirst ? '' : '\n\n';
  if (name === '' || UNNAMED.has(name)) return isFirst ? [] : [{ type: 'text', text: apart }];
  const words = name.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
  return [{ type: 'text', text: `${apart}**${words}**\n\n` }];
}

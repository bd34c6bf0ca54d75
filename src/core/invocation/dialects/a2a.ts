import type { StreamEvent } from '../answer.ts';
import { asMembers, asString, elementsOf, membersOf, type Members } from '../json.ts';
import { prettyJson } from '../text.ts';
import { createTold, type Told } from '../told.ts';
import type { CreateDialect } from './dialect.ts';

/** What ends a task without success. */
const FAILURES = new Set(['failed', 'rejected', 'canceled', 'auth-required']);

/** By what a task is known, as far as it is told. */
interface TaskIds {
  readonly taskId: unknown;
  readonly contextId: unknown;
}

/** Messages, tasks and their updates of A2A, of its version 0.3 and of 1.0. */
export const createA2a: CreateDialect = () => {
  // What was said in messages of the task; some agents say it once more as its artifact.
  const said = createTold();
  let waits = false;
  const artifacts = new Map<unknown, Told>();

  function say(text: string): StreamEvent[] {
    said.add(text);
    return text === '' ? [] : [{ type: 'text', text }];
  }

  function readArtifact(artifact: Members, append: boolean): StreamEvent[] {
    const text = textOfParts(artifact['parts']);
    const id = artifact['artifactId'];
    const before = artifacts.get(id);
    if (append) {
      if (before) before.add(text);
      else artifacts.set(id, createTold(text));
      return text === '' ? [] : [{ type: 'text', text }];
    }
    artifacts.set(id, createTold(text));
    const fresh = (before ?? said).beyond(text) ?? text;
    return fresh === '' ? [] : [{ type: 'text', text: fresh }];
  }

  /** Tells what has changed of whether the task waits. */
  function readWaiting(name: string, ids: TaskIds): StreamEvent[] {
    const [id, contextId] = [asString(ids.taskId), asString(ids.contextId)];
    const wasWaiting = waits;
    waits = name === 'input-required' && id !== null && contextId !== null;
    if (waits) return [{ type: 'waiting', task: { id: id!, contextId: contextId! } }];
    return wasWaiting ? [{ type: 'waiting', task: null }] : [];
  }

  function readStatus({ state, message }: Members, ids: TaskIds): StreamEvent[] {
    const name = nameOf(state);
    const text = textOfParts(membersOf(message)['parts']);
    const waiting = readWaiting(name, ids);
    if (!FAILURES.has(name)) return [...say(text), ...waiting];
    const why = text === '' ? `The task is ${name}.` : text;
    return [...waiting, { type: 'failure', failure: { name: `Task ${name}`, message: why } }];
  }

  function readUpdate({ status, taskId, contextId }: Members): StreamEvent[] {
    return readStatus(membersOf(status), { taskId, contextId });
  }

  function readTask(task: Members): StreamEvent[] {
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
      if (asMembers(message)) return say(textOfParts(membersOf(message)['parts']));
      if (asMembers(statusUpdate)) return readUpdate(membersOf(statusUpdate));
      if (asMembers(artifactUpdate)) {
        const update = membersOf(artifactUpdate);
        return readArtifact(membersOf(update['artifact']), update['append'] === true);
      }
      if (kind === 'message') return say(textOfParts(parts));
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

function textOfParts(parts: unknown): string {
  return elementsOf(parts)
    .map((part) => {
      const { text, data } = membersOf(part);
      return asString(text) ?? (data === undefined ? '' : `${prettyJson(data)}\n`);
    })
    .join('');
}

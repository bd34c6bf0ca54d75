import type { StreamEvent } from '../answer.ts';
import { asMembers, asString, readElements, readMembers, type JsonMembers } from '../json.ts';
import { createStreamedText, type StreamedText } from '../streamedText.ts';
import { eventsAfterOffset, readParts, fingerprintParts } from './a2aParts.ts';
import type { CreateDialect } from './dialect.ts';

/** Task states that are failures. */
const FAILURES = new Set(['failed', 'rejected', 'canceled', 'auth-required']);

/** Artifact names without meaning. Strands uses this one for every answer. */
const GENERIC_NAMES = new Set(['agent_response']);

/** Ids of a task, unvalidated. */
interface TaskIds {
  readonly taskId: unknown;
  readonly contextId: unknown;
}

/** Messages, tasks and task updates of A2A 0.3 and 1.0. */
export const createA2a: CreateDialect = () => {
  /** Text of the task's messages. Some agents repeat it as an artifact. */
  const messageText = createStreamedText();
  let isWaiting = false;
  const artifacts = new Map<unknown, StreamedText>();

  function readMessage(list: unknown): StreamEvent[] {
    const parts = readParts(list);
    messageText.append(fingerprintParts(parts));
    return eventsAfterOffset(parts, 0);
  }

  /** Consecutive texts are one text, because servers store each piece of a stream as a part. */
  function readArtifact(artifact: JsonMembers, append: boolean): StreamEvent[] {
    const parts = readParts(artifact['parts']);
    const whole = fingerprintParts(parts);
    const id = artifact['artifactId'];
    const before = artifacts.get(id);
    const isFirst = messageText.length() === 0 && artifacts.size === 0;
    if (append && before) {
      before.append(whole);
      return eventsAfterOffset(parts, 0);
    }
    artifacts.set(id, createStreamedText(whole));
    const added = (before ?? messageText).remainder(whole) ?? whole;
    const fresh = eventsAfterOffset(parts, whole.length - added.length);
    if (before || fresh.length === 0 || added.length < whole.length) return fresh;
    return [...formatHeading(artifact['name'], isFirst), ...fresh];
  }

  /** Reports that the task starts or stops waiting for input. */
  function updateWaiting(name: string, ids: TaskIds): StreamEvent[] {
    const [id, contextId] = [asString(ids.taskId), asString(ids.contextId)];
    const wasWaiting = isWaiting;
    isWaiting = name === 'input-required' && id !== null && contextId !== null;
    if (isWaiting) return [{ type: 'waiting', task: { id: id!, contextId: contextId! } }];
    return wasWaiting ? [{ type: 'waiting', task: null }] : [];
  }

  function readStatus({ state, message }: JsonMembers, ids: TaskIds): StreamEvent[] {
    const name = stateName(state);
    const { parts } = readMembers(message);
    const waiting = updateWaiting(name, ids);
    if (!FAILURES.has(name)) return [...readMessage(parts), ...waiting];
    const text = fingerprintParts(readParts(parts));
    const why = text === '' ? `The task is ${name}.` : text;
    return [...waiting, { type: 'failure', failure: { name: `Task ${name}`, message: why } }];
  }

  function readUpdate({ status, taskId, contextId }: JsonMembers): StreamEvent[] {
    return readStatus(readMembers(status), { taskId, contextId });
  }

  function readTask(task: JsonMembers): StreamEvent[] {
    return [
      ...readElements(task['artifacts']).flatMap((one) => readArtifact(readMembers(one), false)),
      ...readStatus(readMembers(task['status']), {
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
      if (asMembers(task)) return readTask(readMembers(task));
      if (asMembers(message)) return readMessage(readMembers(message)['parts']);
      if (asMembers(statusUpdate)) return readUpdate(readMembers(statusUpdate));
      if (asMembers(artifactUpdate)) {
        const update = readMembers(artifactUpdate);
        return readArtifact(readMembers(update['artifact']), update['append'] === true);
      }
      if (kind === 'message') return readMessage(parts);
      if (kind === 'task') return readTask(result);
      if (kind === 'status-update') return readUpdate(result);
      if (kind === 'artifact-update') return readArtifact(readMembers(artifact), append === true);
      return null;
    },
  };
};

function stateName(state: unknown): string {
  return (asString(state) ?? 'unknown')
    .replace('TASK_STATE_', '')
    .toLowerCase()
    .replaceAll('_', '-');
}

/** Formats the artifact's name as a heading, separated from the text before it. */
function formatHeading(value: unknown, isFirst: boolean): StreamEvent[] {
  const name = asString(value)?.trim() ?? '';
  const separator = isFirst ? '' : '\n\n';
  if (name === '' || GENERIC_NAMES.has(name))
    return isFirst ? [] : [{ type: 'text', text: separator }];
  const escaped = name.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
  return [{ type: 'text', text: `${separator}**${escaped}**\n\n` }];
}

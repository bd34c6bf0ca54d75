import type { ModelCallSummary } from '../../src/shared/session.ts';
import type {
  Opening,
  OpeningReason,
  SessionEstimate,
  SessionStatus,
  StartProgress,
} from '../../src/shared/chat/session.ts';
import { CLIENT_CLOSED, type EndReason, type TimelineEntry } from '../../src/shared/session.ts';

/** Short label of a session state. */
export function stateLabel({ state }: SessionStatus): string {
  return STATES[state];
}

const STATES: Readonly<Record<SessionStatus['state'], string>> = {
  unknown: 'Session',
  none: 'Not started',
  starting: 'Starting…',
  active: 'Active',
  idle: 'Idle',
  ending: 'Stopping…',
  ended: 'Ended',
};

/** True for a session that ended because of a failure of the agent. */
export function hasFailed(status: SessionStatus): boolean {
  return status.state === 'ended' && FAILURES.has(status.reason);
}

const FAILURES: ReadonlySet<EndReason> = new Set(['unhealthy', 'crashed', 'start-failed']);

/** Explains a session state in full sentences. */
export function stateDescription(status: SessionStatus, now: number): string {
  switch (status.state) {
    case 'unknown':
      return 'Session state is unavailable for this runtime.';
    case 'none':
      return 'Your first message starts the session on its own machine.';
    case 'starting': {
      const { warning } = status.start;
      const progress = startProgressLabel(status.start, now);
      const detail = progress === null ? '' : ` (${progress})`;
      return `The session’s machine is starting${detail}. ${warning ?? ''}`.trimEnd();
    }
    case 'active':
      return 'The agent is working.';
    case 'ending':
      return 'The session’s machine is stopping.';
    case 'idle': {
      const left = formatTimeLeft(status.endsAt, now);
      if (status.estimate) return describeEstimate(left, status, status.estimate, now);
      return status.limit === 'idle-timeout'
        ? `Ends in ${left} without activity (idle timeout).`
        : `Ends in ${left} (maximum lifetime).`;
    }
    case 'ended':
      return status.estimate && status.reason !== 'stopped'
        ? `Probably ended: ${endReasonText(status.reason)}. ${describeBasis(status.estimate)}`
        : `Ended: ${endReasonText(status.reason)}.`;
  }
}

/** Elapsed share of the start's time limit, such as `23 s of 120 s`; null for a short start. */
export function startProgressLabel({ deadline }: StartProgress, now: number): string | null {
  if (deadline === null) return null;
  const { at, timeoutSeconds } = deadline;
  const left = Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));
  const elapsed = timeoutSeconds - left;
  return elapsed < SHORT_SECONDS ? null : `${elapsed} s of ${timeoutSeconds} s`;
}

/** Shorter starts show no progress. */
const SHORT_SECONDS = 3;

/** AWS reports no session state, so the text must read as an estimate. */
function describeEstimate(
  left: string,
  { limit }: { readonly limit: 'idle-timeout' | 'max-lifetime' },
  estimate: SessionEstimate,
  now: number,
): string {
  const lifetime = formatTimeLeft(estimate.maxEndsAt, now);
  const ends =
    limit === 'idle-timeout'
      ? `Ends in about ${left} without activity (idle timeout), and in about ${lifetime} at the latest (maximum lifetime).`
      : `Ends in about ${left} (maximum lifetime).`;
  return `${ends} ${describeBasis(estimate)}`;
}

function describeBasis({ basis }: SessionEstimate): string {
  const timeouts =
    basis === 'settings'
      ? 'the runtime’s settings'
      : 'AWS’s defaults, because the runtime’s settings could not be read';
  return `AWS does not report session state. This estimate uses this chat’s own turns and ${timeouts}. It does not include other callers or background work.`;
}

/** Says where the messages above come from, which the new session's machine has not received. */
export function openingLabel({ why, isEstimated }: Opening): string {
  return isKeyOf(ORIGINS, why)
    ? ORIGINS[why]
    : `The messages above are from the previous session, which ${isEstimated ? 'has probably ended' : 'ended'}: ${endReasonText(why)}.`;
}

const ORIGINS: Readonly<Record<Exclude<OpeningReason, EndReason>, string>> = {
  'new-session': 'The messages above are from another session.',
  forked: 'The messages above are from the conversation that this one was forked from.',
  imported: 'The messages above were imported from a file.',
};

function isKeyOf<Key extends string>(
  record: Readonly<Record<Key, string>>,
  key: string,
): key is Key {
  return key in record;
}

/** Why a session ended, as a clause that follows a colon. */
export function endReasonText(reason: EndReason): string {
  return REASONS[reason];
}

const REASONS: Readonly<Record<EndReason, string>> = {
  'idle-timeout': 'it reached the idle timeout',
  'max-lifetime': 'it reached the maximum lifetime',
  stopped: 'it was stopped',
  unhealthy: 'the agent kept reporting Unhealthy',
  crashed: 'the agent crashed',
  'start-failed': 'the agent did not start',
  reloaded: 'the agent’s code changed',
  'runtime-deleted': 'the runtime was deleted',
  'emulator-closed': 'the emulator was stopped',
};

/** Text of a timeline entry. */
export function timelineText(entry: TimelineEntry): string {
  switch (entry.type) {
    case 'state':
      return entry.from === null
        ? `${entry.to}: ${entry.cause}`
        : `${entry.from} → ${entry.to}: ${entry.cause}`;
    case 'invocation':
      // The whole ID would hide the outcome; its beginning identifies it within a session.
      return `Invocation ${entry.requestId.slice(0, 8)}: ${entry.outcome}`;
    case 'call':
      if (entry.model) return modelCallText(entry.model);
      return entry.status === CLIENT_CLOSED
        ? `Called ${entry.operation}, but disconnected before the response.`
        : `Called ${entry.operation}: ${entry.status}`;
    case 'note':
      return entry.message;
    case 'code':
      return entry.problem === null
        ? `The change in ${entry.file} starts.`
        : `The change in ${entry.file} does not start. ${entry.problem}`;
  }
}

function modelCallText(call: ModelCallSummary): string {
  const { model, backend, inputTokens, outputTokens, timeToFirstToken, tools, cost, error } = call;
  const outcome =
    error ??
    [
      `${inputTokens.toLocaleString('en')} tokens in, ${outputTokens.toLocaleString('en')} out`,
      ...(timeToFirstToken === null
        ? []
        : [`first token after ${Math.round(timeToFirstToken)} ms`]),
      ...(tools.length === 0 ? [] : [`called ${tools.join(', ')}`]),
      ...(cost === null ? [] : [`about $${cost.toPrecision(2)}`]),
    ].join(', ');
  return `Model ${model} (${backend}): ${outcome}`;
}

/** Time left, such as `14:32`, or `7 h 59 min` from one hour on. */
export function formatTimeLeft(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes}:${two(seconds % 60)}`;
}

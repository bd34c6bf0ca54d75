import type {
  Opening,
  OpeningReason,
  SessionEstimate,
  SessionStatus,
  StartProgress,
} from '../../src/shared/chat/session.ts';
import {
  INITIALIZATION_TIMEOUT_SECONDS,
  type EndReason,
  type TimelineEntry,
} from '../../src/shared/session.ts';

/** What to call the state of a session, in a word or two. */
export function stateLabel({ state }: SessionStatus): string {
  return STATES[state];
}

const STATES: Readonly<Record<SessionStatus['state'], string>> = {
  unknown: 'Session',
  none: 'Not begun',
  starting: 'Starting…',
  active: 'Active',
  idle: 'Idle',
  ending: 'Ending…',
  ended: 'Ended',
};

/** What that means for whoever is about to write. */
export function stateDescription(status: SessionStatus, now: number): string {
  switch (status.state) {
    case 'unknown':
      return 'Where it runs, nobody tells what became of it.';
    case 'none':
      return 'Your first message starts it, on a machine of its own.';
    case 'starting': {
      const { warning } = status.start;
      const spent = startProgressLabel(status.start, now);
      const far = spent === null ? '' : `: ${spent} that AWS gives it`;
      return `Its machine is being started${far}. ${warning ?? ''}`.trimEnd();
    }
    case 'active':
      return 'Its agent is at work.';
    case 'ending':
      return 'Its machine is being ended.';
    case 'idle': {
      const left = formatTimeLeft(status.endsAt, now);
      if (status.estimate) return describeEstimate(left, status, status.estimate, now);
      return status.limit === 'idle-timeout'
        ? `It ends in ${left}, unless something happens (idle timeout).`
        : `It ends in ${left}, whatever happens (longest lifetime).`;
    }
    case 'ended':
      return status.estimate && status.reason !== 'stopped'
        ? `By now it has most likely ended: ${endReasonText(status.reason)}. ${sourceOf(status.estimate)}`
        : `It ended: ${endReasonText(status.reason)}.`;
  }
}

/** How much of its time a start has taken, `23 s of 60 s`; null as long as that is none to speak of. */
export function startProgressLabel({ readyBy }: StartProgress, now: number): string | null {
  if (readyBy === null) return null;
  const left = Math.max(0, Math.ceil((Date.parse(readyBy) - now) / 1000));
  const spent = INITIALIZATION_TIMEOUT_SECONDS - left;
  return spent < SHORT_SECONDS ? null : `${spent} s of ${INITIALIZATION_TIMEOUT_SECONDS} s`;
}

/** Of a start that is over in a moment no seconds are counted. */
const SHORT_SECONDS = 3;

/** AWS reports no session state, so the text must not sound as if it did. */
function describeEstimate(
  left: string,
  { limit }: { readonly limit: 'idle-timeout' | 'max-lifetime' },
  estimate: SessionEstimate,
  now: number,
): string {
  const life = formatTimeLeft(estimate.maxEndsAt, now);
  const ends =
    limit === 'idle-timeout'
      ? `It ends in about ${left}, unless something happens (idle timeout), and in about ${life} whatever happens (longest lifetime).`
      : `It ends in about ${left}, whatever happens (longest lifetime).`;
  return `${ends} ${sourceOf(estimate)}`;
}

function sourceOf({ basis }: SessionEstimate): string {
  const figures =
    basis === 'settings'
      ? 'the runtime’s settings'
      : 'AWS’s defaults, as the runtime’s settings could not be read';
  return `AWS does not report session state. This is an estimate from this chat’s turns and ${figures}. It does not include other callers or the agent’s background work.`;
}

/** Where what stands above was said, that the next session's machine has not seen. */
export function openingLabel({ why, isEstimated }: Opening): string {
  return isOneOf(WISHES, why)
    ? WISHES[why]
    : `What stands above was said in the one before, which ${isEstimated ? 'has most likely ended' : 'ended'}: ${endReasonText(why)}.`;
}

const WISHES: Readonly<Record<Exclude<OpeningReason, EndReason>, string>> = {
  'new-session': 'What stands above was said in another one.',
  forked: 'What stands above was said in the conversation that this is a fork of.',
  imported: 'What stands above is from a file.',
};

function isOneOf<Key extends string>(
  record: Readonly<Record<Key, string>>,
  key: string,
): key is Key {
  return key in record;
}

/** Why a session ended, as the rest of a sentence about it. */
export function endReasonText(reason: EndReason): string {
  return REASONS[reason];
}

const REASONS: Readonly<Record<EndReason, string>> = {
  'idle-timeout': 'it was idle for as long as it may be',
  'max-lifetime': 'it had lived for as long as it may',
  stopped: 'it was stopped',
  unhealthy: 'its agent went on saying that it was unhealthy',
  crashed: 'its agent crashed',
  'start-failed': 'its agent did not start',
  reloaded: 'the agent’s code had changed',
  'runtime-deleted': 'its runtime was deleted',
  'emulator-closed': 'the emulator was ended',
};

/** What happened to a session, in a line or more. */
export function timelineText(entry: TimelineEntry): string {
  switch (entry.type) {
    case 'state':
      return entry.from === null
        ? `${entry.to}: ${entry.cause}`
        : `${entry.from} → ${entry.to}: ${entry.cause}`;
    case 'invocation':
      return `invocation ${entry.requestId}: ${entry.outcome}`;
    case 'call':
      return `it called ${entry.operation}: ${entry.status}`;
    case 'note':
      return entry.message;
    case 'code':
      return entry.problem === null
        ? `the change of ${entry.file} starts`
        : `the change of ${entry.file} does not start. ${entry.problem}`;
  }
}

/** What is left until a moment, short: `14:32`, and hours without their seconds. */
export function formatTimeLeft(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes}:${two(seconds % 60)}`;
}

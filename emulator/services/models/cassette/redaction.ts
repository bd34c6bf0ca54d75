import type { ModelEvent } from '../modelEvent.ts';

/** Secrets that are recognized by their form. */
const SECRET_FORMS: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g,
  /(?<=\bBearer )[A-Za-z0-9._~+/-]{12,}=*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];

const SECRET_NAMES = /(?:KEY|SECRET|TOKEN|PASSWORD|CREDENTIALS?)(?:_|$)/;

/** Shorter values, such as `1`, also occur in text that is not secret. */
const MIN_LENGTH = 12;

const REDACTED = '[redacted]';

/**
 * Creates a function that removes secrets from text: those of well-known forms, and the values of
 * environment variables that are named like secrets.
 */
export function createRedaction(
  environment: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= MIN_LENGTH && SECRET_NAMES.test(name) ? [value] : [],
  );
  // A value may contain another, so the longest are removed first.
  values.sort((a, b) => b.length - a.length);
  return (text) => {
    let redacted = text;
    for (const value of values) redacted = redacted.replaceAll(value, REDACTED);
    for (const form of SECRET_FORMS) redacted = redacted.replaceAll(form, REDACTED);
    return redacted;
  };
}

/**
 * Merges the deltas of a block into one if text to rewrite, such as a secret, is split between them.
 */
export function mergeSplitDeltas(
  events: readonly ModelEvent[],
  rewrite: (text: string) => string,
): ModelEvent[] {
  const merged: ModelEvent[] = [];
  let deltas: TextDelta[] = [];
  for (const event of events) {
    if (isTextDelta(event) && (deltas.length === 0 || deltas[0]!.type === event.type)) {
      deltas.push(event);
      continue;
    }
    merged.push(...mergeIfSplit(deltas, rewrite));
    deltas = [];
    if (isTextDelta(event)) deltas.push(event);
    else merged.push(event);
  }
  return [...merged, ...mergeIfSplit(deltas, rewrite)];
}

type TextDelta = Extract<ModelEvent, { type: 'text' | 'reasoning' | 'toolInput' }>;

function isTextDelta(event: ModelEvent): event is TextDelta {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'toolInput';
}

function mergeIfSplit(
  deltas: readonly TextDelta[],
  rewrite: (text: string) => string,
): readonly TextDelta[] {
  const texts = deltas.map((delta) => (delta.type === 'toolInput' ? delta.json : delta.text));
  const whole = texts.join('');
  const [first] = deltas;
  if (!first || rewrite(whole) === texts.map(rewrite).join('')) return deltas;
  return [first.type === 'toolInput' ? { ...first, json: whole } : { ...first, text: whole }];
}

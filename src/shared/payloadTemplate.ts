import {
  describeFault,
  parseTemplate,
  type SyntaxFault,
  type TemplatePiece,
} from './payloadSyntax.ts';

/** Payloads of an agent that defines its own. */
export interface PayloadTemplate {
  /** Template of a message's payload. */
  readonly message: string;
  /** Template of the payload that cancels the agent's work; null if the agent has none. */
  readonly cancel: string | null;
  /** Default: `http`. */
  readonly transport?: Transport;
}

/** One request for each message, or one WebSocket for all messages of a session. */
export type Transport = 'http' | 'webSocket';

/** Custom templates by agent id. */
export type TemplateTable = Readonly<Record<string, PayloadTemplate>>;

/** Payload of the official samples and tools. */
export const DEFAULT_TEMPLATE: PayloadTemplate = {
  message: '{"prompt": "{{input}}"}',
  cancel: null,
};

/** Values of the placeholders. */
export interface TemplateValues {
  readonly input: string;
  readonly sessionId: string;
  /** Null to send none. */
  readonly actorId: string | null;
  readonly images: readonly object[];
  readonly files: readonly object[];
}

const TEXTS = ['input', 'sessionId', 'actorId'] as const;
const LISTS = ['images', 'files'] as const;

/** Placeholders of each template. A cancel payload has no user input. */
const PLACEHOLDERS = { message: [...TEXTS, ...LISTS], cancel: ['sessionId', 'actorId'] } as const;

/** Finds the first error of a template; null if it is valid. */
export function checkTemplate(source: string, use: 'message' | 'cancel'): SyntaxFault | null {
  const { pieces, fault } = parseTemplate(source);
  if (fault) return fault;
  for (const piece of pieces) {
    const why = piece.type === 'placeholder' ? explainPlaceholder(piece, use) : null;
    if (piece.type === 'placeholder' && why !== null) return { offset: piece.at, message: why };
  }
  if (
    use === 'cancel' ||
    pieces.some((piece) => piece.type === 'placeholder' && piece.name === 'input')
  ) {
    return null;
  }
  return {
    offset: 0,
    message: 'The template does not send the prompt. Add {{input}}.',
  };
}

function explainPlaceholder(
  { name, isInString }: Extract<TemplatePiece, { type: 'placeholder' }>,
  use: 'message' | 'cancel',
): string | null {
  const names: readonly string[] = PLACEHOLDERS[use];
  if (!names.includes(name)) {
    const list = names.map((known) => `{{${known}}}`).join(', ');
    return `Unknown placeholder {{${name}}}. Use ${list}. Write two literal braces as \\u007b{ in a string.`;
  }
  return isInString && isList(name) ? `{{${name}}} is a list. Remove the quotes around it.` : null;
}

/** Fills a valid template. Attachments without a placeholder are added at its end. */
export function fillTemplate(source: string, values: TemplateValues): string {
  const parsed = parseTemplate(source);
  if (parsed.fault)
    throw new Error(`The payload template is not valid: ${describeFault(source, parsed.fault)}`);
  const { pieces, isObject } = parsed;
  const used = new Set(pieces.map((piece) => (piece.type === 'placeholder' ? piece.name : '')));
  const payload = pieces.map((piece) => write(piece, values)).join('');
  const rest = LISTS.filter((name) => values[name].length > 0 && !used.has(name));
  if (rest.length === 0) return payload;
  if (!isObject) {
    throw new Error(`The payload template does not send attachments. Add {{${rest[0]}}}.`);
  }
  const members = rest.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(values[name])}`);
  // The object has at least the member with the prompt.
  const end = payload.lastIndexOf('}');
  return `${payload.slice(0, end).trimEnd()}, ${members.join(', ')}}`;
}

function write(piece: TemplatePiece, values: TemplateValues): string {
  if (piece.type === 'text') return piece.text;
  const { name, isInString } = piece;
  if (isList(name)) return JSON.stringify(values[name]);
  const value = values[name as (typeof TEXTS)[number]];
  return isInString ? JSON.stringify(value ?? '').slice(1, -1) : JSON.stringify(value);
}

function isList(name: string): name is (typeof LISTS)[number] {
  return (LISTS as readonly string[]).includes(name);
}

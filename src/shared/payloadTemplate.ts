import {
  describeFault,
  parseTemplate,
  type SyntaxFault,
  type TemplatePiece,
} from './payloadSyntax.ts';

/** What is sent to an agent whose payload is its own affair. */
export interface PayloadTemplate {
  /** What a message becomes. */
  readonly message: string;
  /** What ends the agent's work, by the agent's own agreement; null where there is no such thing. */
  readonly cancel: string | null;
  /** By what it is sent; a request for each message where nothing is said. */
  readonly transport?: Transport;
}

/** A request for each message, or one web socket for all of a session's. */
export type Transport = 'http' | 'webSocket';

/** The templates of agents that have one of their own, by the agents' ids. */
export type TemplateTable = Readonly<Record<string, PayloadTemplate>>;

/** As the official samples and tools have it. */
export const DEFAULT_TEMPLATE: PayloadTemplate = {
  message: '{"prompt": "{{input}}"}',
  cancel: null,
};

/** What is put into the places. */
export interface TemplateValues {
  readonly input: string;
  readonly sessionId: string;
  /** Null where the agent is told none. */
  readonly actorId: string | null;
  readonly images: readonly object[];
  readonly files: readonly object[];
}

const TEXTS = ['input', 'sessionId', 'actorId'] as const;
const LISTS = ['images', 'files'] as const;

/** The places of a message, and of a cancel payload, where nobody writes anything. */
const PLACES = { message: [...TEXTS, ...LISTS], cancel: ['sessionId', 'actorId'] } as const;

/** What is wrong with a template as it stands; null where it can be sent. */
export function checkTemplate(source: string, use: 'message' | 'cancel'): SyntaxFault | null {
  const { pieces, fault } = parseTemplate(source);
  if (fault) return fault;
  for (const piece of pieces) {
    const why = piece.type === 'place' ? refusePlace(piece, use) : null;
    if (piece.type === 'place' && why !== null) return { offset: piece.at, message: why };
  }
  if (
    use === 'cancel' ||
    pieces.some((piece) => piece.type === 'place' && piece.name === 'input')
  ) {
    return null;
  }
  return {
    offset: 0,
    message: 'What you write would not be sent: put {{input}} where it belongs.',
  };
}

function refusePlace(
  { name, isInString }: Extract<TemplatePiece, { type: 'place' }>,
  use: 'message' | 'cancel',
): string | null {
  const places: readonly string[] = PLACES[use];
  if (!places.includes(name)) {
    const known = places.map((place) => `{{${place}}}`).join(', ');
    return `{{${name}}} is none of ${known}. Two braces as such are written \\u007b{ in a string.`;
  }
  return isInString && isList(name)
    ? `{{${name}}} is a list: let it stand without the quotes around it.`
    : null;
}

/** The payload of a template that was checked. What is attached and has no place is added at its end. */
export function fillTemplate(source: string, values: TemplateValues): string {
  const reading = parseTemplate(source);
  if (reading.fault)
    throw new Error(`The payload template: ${describeFault(source, reading.fault)}`);
  const { pieces, isObject } = reading;
  const placed = new Set(pieces.map((piece) => (piece.type === 'place' ? piece.name : '')));
  const payload = pieces.map((piece) => write(piece, values)).join('');
  const rest = LISTS.filter((name) => values[name].length > 0 && !placed.has(name));
  if (rest.length === 0) return payload;
  if (!isObject) {
    throw new Error(
      `What is attached has no place in the payload template: put {{${rest[0]}}} there.`,
    );
  }
  const members = rest.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(values[name])}`);
  // It has at least the member with the words.
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

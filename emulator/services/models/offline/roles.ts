import { splitWords } from './words.ts';

/** The kind of value that a parameter expects, by its name. */
export type ParameterRole =
  | 'email'
  | 'url'
  | 'date'
  | 'time'
  | 'path'
  | 'place'
  | 'origin'
  | 'destination'
  | 'expression'
  | 'query'
  | 'message'
  | 'person'
  | 'identifier'
  | 'operand';

const WORDS: Readonly<Record<ParameterRole, string>> = {
  email: 'email emails mail recipient',
  url: 'url urls uri link href website webpage',
  expression: 'expression expr formula equation calculation math',
  origin: 'origin from source departure',
  destination: 'destination to target arrival',
  place: 'city location place country town region where address area state zone',
  date: 'date day start end checkin checkout since until when',
  time: 'time hour',
  path: 'path file filename filepath directory folder dir',
  identifier: 'id ids identifier code ticket order reference sku key number account',
  query:
    'query queries q command cmd search question keyword keywords term terms prompt topic request task instruction input',
  message:
    'message text body content note comment description subject title summary details reason',
  person: 'name person user customer author guest contact employee',
  operand: 'a b x y n value number num first second left right amount operand',
};

const ROLES = new Map<string, ParameterRole>();
for (const [role, words] of Object.entries(WORDS)) {
  for (const word of words.split(' ')) {
    if (!ROLES.has(word)) ROLES.set(word, role as ParameterRole);
  }
}

/** Words that describe any parameter. */
const VAGUE = new Set([
  'a',
  'to',
  'from',
  'first',
  'value',
  'number',
  'text',
  'when',
  'input',
  'name',
  'user',
]);

/** Finds the role of a parameter: by the last word of its name, or by its description. */
export function roleOf(name: string, description: string): ParameterRole | undefined {
  const words = splitWords(name);
  for (const word of words.toReversed()) {
    const role = ROLES.get(word);
    if (role) return role;
  }
  const [first = ''] = description.split(/[.,;(\n]/);
  for (const word of splitWords(first)) {
    const role = VAGUE.has(word) ? undefined : ROLES.get(word);
    if (role) return role;
  }
  return undefined;
}

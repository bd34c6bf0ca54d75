/** String formats, each with a test and an example for prompts without such a value. */
const FORMATS: Readonly<Record<string, { readonly pattern: RegExp; readonly example: string }>> = {
  date: { pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, example: '2026-01-01' },
  time: {
    pattern: /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i,
    example: '09:00:00Z',
  },
  'date-time': {
    pattern:
      /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i,
    example: '2026-01-01T09:00:00Z',
  },
  duration: { pattern: /^P(?!$)(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$/, example: 'PT1H' },
  email: { pattern: /^[\w.+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+$/, example: 'user@example.com' },
  'idn-email': { pattern: /^\S+@\S+$/, example: 'user@example.com' },
  hostname: {
    pattern:
      /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i,
    example: 'example.com',
  },
  ipv4: {
    pattern: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/,
    example: '192.0.2.1',
  },
  ipv6: {
    pattern: /^(?:[\da-f]{1,4}:){7}[\da-f]{1,4}$|^(?:[\da-f]{1,4}:)+:[\da-f]{1,4}$/i,
    example: '2001:db8::1',
  },
  uri: { pattern: /^[a-z][a-z\d+.-]*:[^\s<>"{}|\\^`]+$/i, example: 'https://example.com/' },
  'uri-reference': { pattern: /^[^\s<>"{}|\\^`]*$/, example: 'https://example.com/' },
  iri: { pattern: /^[a-z][a-z\d+.-]*:\S+$/i, example: 'https://example.com/' },
  uuid: {
    pattern: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
    example: '00000000-0000-4000-8000-000000000001',
  },
  'json-pointer': { pattern: /^(?:\/(?:[^~/]|~[01])*)*$/, example: '/value' },
  regex: { pattern: /^[\w .*+-]*$/, example: '.*' },
  byte: {
    pattern: /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/,
    example: 'YQ==',
  },
};

/** Also true for an unknown format. */
export function matchesFormat(format: string, value: string): boolean {
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return !known || known.pattern.test(value);
}

/** Returns the numbered example of a format; undefined if the format is unknown. */
export function formatExample(format: string, number: number): string | undefined {
  const example = Object.hasOwn(FORMATS, format) ? FORMATS[format]!.example : undefined;
  if (example === undefined || number === 0) return example;
  const suffix = String(number + 1);
  switch (format) {
    case 'date':
    case 'date-time': {
      const date = new Date(Date.UTC(2026, 0, 1 + number, 9)).toISOString();
      return format === 'date' ? date.slice(0, 10) : date.replace('.000', '');
    }
    case 'time':
      return `${String(number % 24).padStart(2, '0')}:00:00Z`;
    case 'duration':
      return `PT${suffix}H`;
    case 'email':
    case 'idn-email':
      return `user${suffix}@example.com`;
    case 'hostname':
      return `host${suffix}.example.com`;
    case 'ipv4':
      return `192.0.2.${1 + (number % 254)}`;
    case 'ipv6':
      return `2001:db8::${suffix}`;
    case 'uuid':
      return example.slice(0, -suffix.length) + suffix;
    case 'byte':
      return Buffer.from(suffix).toString('base64');
    default:
      return example + suffix;
  }
}

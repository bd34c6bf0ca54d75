/** Largest growth of a text. Deep nesting would add millions of spaces. */
const MAX_GROWTH = 10;

/** A result up to this length is allowed at any growth. */
const MAX_SHORT_LENGTH = 10_000;

/**
 * Formats JSON for reading. Numbers stay as they are written, beyond JavaScript's precision too. Text
 * that is not JSON, or that would grow too much, is returned unchanged.
 */
export function formatJson(text: string): string {
  if (!isJson(text)) return text;
  const longest = Math.max(MAX_SHORT_LENGTH, text.length * MAX_GROWTH);
  let out = '';
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    at = end;
    switch (token.charAt(0)) {
      case '{':
      case '[': {
        const next = spaceEnd(text, at);
        if (/[\]}]/.test(text[next]!)) {
          out += token + text[next]!;
          at = next + 1;
        } else {
          depth += 1;
          out += token + newLine(depth);
        }
        break;
      }
      case '}':
      case ']':
        depth -= 1;
        out += newLine(depth) + token;
        break;
      case ',':
        out += token + newLine(depth);
        break;
      case ':':
        out += ': ';
        break;
      case '"':
        // Python escapes all characters that are not ASCII.
        out += token.includes('\\u') ? JSON.stringify(JSON.parse(token)) : token;
        break;
      default:
        out += token.trim();
    }
    if (out.length > longest) return text;
  }
  return out;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Offset of the end of the token that starts at `at`. */
function tokenEnd(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at);
  if (/[{}[\],:]/.test(text[at]!)) return at + 1;
  let end = at + 1;
  while (end < text.length && !/[{}[\],:"]/.test(text[end]!)) end += 1;
  return end;
}

function stringEnd(text: string, at: number): number {
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}

function spaceEnd(text: string, at: number): number {
  let end = at;
  while (/\s/.test(text[end]!)) end += 1;
  return end;
}

function newLine(depth: number): string {
  return `\n${'  '.repeat(depth)}`;
}

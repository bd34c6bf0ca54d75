/** No text becomes so many times longer: brackets within brackets would be millions of spaces. */
const MOST_TIMES = 10;

/** A short text may become so long all the same. */
const SHORT = 10_000;

/**
 * JSON as one reads it, every number as it was written: JavaScript has no room for the longer ones. What
 * is no JSON, or not yet, or too deep to be read any better, is left as it is.
 */
export function formatJson(text: string): string {
  if (!isJson(text)) return text;
  const longest = Math.max(SHORT, text.length * MOST_TIMES);
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
        // Python writes other letters than English ones by their numbers.
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

/** Where the sign, the string, the word or the space ends that begins there. */
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

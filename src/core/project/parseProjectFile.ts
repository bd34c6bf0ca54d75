import { describeField, describeIssue, expectedValue, type FieldProblem } from './fieldProblem.ts';
import { parseJson, type JsonText } from './jsonText.ts';
import { NAMED_SECTIONS, projectFileSchemas, type ProjectFile } from './projectFile.ts';
import { findBrokenReferences } from './references.ts';
import {
  describeUnknownField,
  collectUnknownFields,
  warnOfUnknownField,
  removeFields,
} from './unknownFields.ts';

/** The content of an agentcore.json: its model, or everything that is wrong with it. */
export type ParsedProjectFile = { readonly json: JsonText } & (
  | {
      readonly file: ProjectFile;
      /** Sentences about fields that have no effect. */
      readonly warnings: readonly string[];
    }
  | { readonly problems: readonly FieldProblem[] }
);

/** Parses the text of agentcore.json; throws a JsonSyntaxError for a text that is not JSON. */
export function parseProjectFile(text: string): ParsedProjectFile {
  const json = parseJson(text);
  const { version = 1 } = (json.value ?? {}) as { version?: unknown };
  // The other fields of an unknown version mean nothing to this program.
  if (version !== 1 && version !== 2) {
    const sentences = 'is not supported. Use version 1 or 2.';
    return { json, problems: [describeField(json.value, ['version'], sentences)] };
  }
  const parse = (value: unknown) =>
    // Without jitless, zod would compile a function, which takes 2 ms of every start.
    projectFileSchemas[version].safeParse(value, { jitless: true, error: expectedValue });
  const first = parse(json.value);
  const unknown = collectUnknownFields(first.error?.issues ?? []);
  // Unknown fields hide other problems of their object, so the rest is read without them.
  const result = unknown.length === 0 ? first : parse(removeFields(json.value, unknown));
  const problems = [
    ...(version === 2 ? unknown.map(describeUnknownField) : []),
    ...(result.error?.issues ?? []).map((issue) => describeIssue(json.value, issue)),
    ...duplicateNames(json.value),
    ...(result.success ? findBrokenReferences(result.data) : []),
  ];
  return result.success && problems.length === 0
    ? { json, file: result.data, warnings: unknown.map(warnOfUnknownField) }
    : { json, problems };
}

/** Reads the JSON itself, so that a wrong entry elsewhere does not hide a duplicate. */
function duplicateNames(json: unknown): FieldProblem[] {
  return NAMED_SECTIONS.flatMap((section) => {
    const entries = (json as Record<string, unknown> | null)?.[section];
    if (!Array.isArray(entries)) return [];
    const names = entries.map((entry: { name?: unknown } | null) => uniqueKey(section, entry));
    return names.flatMap((name, index) => {
      if (name === null || names.indexOf(name) === index) return [];
      const sentences = `is also the name of ${section}[${names.indexOf(name)}]. ${ADVICE[section] ?? 'Use a unique name.'}`;
      return describeField(json, [section, index, 'name'], sentences);
    });
  });
}

const ADVICE: Readonly<Record<string, string>> = {
  memories:
    'Use names that differ by more than case, because agents find memories by MEMORY_<NAME>_ID.',
  payments:
    'Use names that differ by more than case, because variables for agents contain them in capitals.',
};

function uniqueKey(section: string, entry: { name?: unknown } | null): string | null {
  if (typeof entry?.name !== 'string') return null;
  return section in ADVICE ? entry.name.toUpperCase() : entry.name;
}

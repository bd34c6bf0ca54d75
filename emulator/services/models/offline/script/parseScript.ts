import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';
import { suggest } from '../../../../../src/shared/suggest.ts';
import { modelScript, type ModelScript } from './scriptSchema.ts';

/** Maximum characters of a value in a problem. */
const MAX_VALUE = 80;

export type ParsedScript =
  | { readonly script: ModelScript }
  /** Each problem names line, column, field, value and fix. */
  | { readonly problems: readonly string[] };

/** Parses a script from YAML. An empty file is a script without turns. */
export function parseScript(source: string): ParsedScript {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      ({ message, pos }) => `${at(pos[0])}: not valid YAML: ${message}`,
    );
    return { problems };
  }
  let value: unknown;
  try {
    value = document.toJS() as unknown;
  } catch (error) {
    return { problems: [`1:1: not valid YAML: ${(error as Error).message}`] };
  }
  const result = modelScript.safeParse(value ?? {});
  if (result.success) return { script: result.data };
  const problems = result.error.issues.flatMap((issue) =>
    describe(issue, value).map(
      ({ path, message }) => `${at(findOffset(document, path))}: ${message}`,
    ),
  );
  return { problems };
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function describe(issue: z.core.$ZodIssue, root: unknown): Problem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const field = [...path, key];
      const fields = fieldsOf(path);
      const meant = suggest(key, fields);
      const fix = meant === undefined ? `Use ${fields.join(', ')}.` : `Did you mean ${meant}?`;
      return { path: field, message: `${formatPath(field)}: not a field of a script. ${fix}` };
    });
  }
  const value = path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown> | undefined)?.[key],
    root,
  );
  const found = value === undefined ? 'missing' : `${excerpt(value)} is not valid`;
  return [{ path, message: `${formatPath(path)}: ${found}. Use ${issue.message}.` }];
}

/** Returns the fields that the schema has at a path. */
function fieldsOf(path: readonly PropertyKey[]): string[] {
  let schema: unknown = modelScript;
  for (const key of path) {
    const { def } = unwrap(schema);
    schema = typeof key === 'number' ? def.element : def.shape?.[String(key)];
  }
  return Object.keys(unwrap(schema).def.shape ?? {});
}

interface SchemaDefinition {
  readonly def: {
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly shape?: Readonly<Record<string, unknown>>;
  };
}

function unwrap(schema: unknown): SchemaDefinition {
  let inner = schema as SchemaDefinition;
  while (inner.def.innerType !== undefined) inner = inner.def.innerType as SchemaDefinition;
  return inner;
}

function formatPath(path: readonly PropertyKey[]): string {
  const text = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  return text === '' ? 'The file' : text.replace(/^\./, '');
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

/** Finds a field in the file; if it is missing, the object that lacks it. */
function findOffset(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(
        (each) => (each.key as { value?: unknown } | null)?.value === key,
      );
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      if (range) return range[0];
    }
    const node = document.getIn(path.slice(0, length), true) as
      { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { FieldProblem } from './fieldProblem.ts';
import { JsonSyntaxError, type JsonText, type TextPosition } from './jsonText.ts';
import { parseProjectFile } from './parseProjectFile.ts';
import { runProjection, type Project } from './runProjection.ts';

const FILE = 'agentcore/agentcore.json';

/** A folder cannot be used as a project. The message has one line per problem, with its fix. */
export class ProjectError extends Error {}

/** Reads the project in a folder as the emulator runs it; throws a ProjectError. */
export async function readProject(folder: string): Promise<Project> {
  const root = resolve(folder);
  const folderStats = await ifExists(root, stat(root));
  if (!folderStats?.isDirectory()) {
    throw new ProjectError(`The folder ${root} does not exist. Use the folder of a project.`);
  }
  const text = await readIfExists(join(root, FILE));
  if (text === null) {
    throw new ProjectError(`${root} has no ${FILE}. Use a folder that has one.`);
  }
  const parsed = parse(text);
  if ('problems' in parsed) throw fieldError(parsed.problems, parsed.json);
  const secrets = await readSecrets(join(root, 'agentcore', '.env.local'));
  const { project, problems } = runProjection(parsed.file, { root, secrets, exists: existsSync });
  if (problems.length > 0) throw fieldError(problems, parsed.json);
  return { ...project, warnings: parsed.warnings };
}

function parse(text: string) {
  try {
    return parseProjectFile(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new ProjectError(formatLine(error.position, error.message));
  }
}

function fieldError(problems: readonly FieldProblem[], json: JsonText): ProjectError {
  return new ProjectError(
    problems.map(({ path, message }) => formatLine(json.locate(path), message)).join('\n'),
  );
}

/** Terminals and editors link a path in this form to the position in the file. */
function formatLine({ line, column }: TextPosition, message: string): string {
  return `${FILE}:${line}:${column}: ${message}`;
}

async function readSecrets(file: string): Promise<Record<string, string>> {
  const variables = parseEnv((await readIfExists(file)) ?? '');
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

function readIfExists(file: string): Promise<string | null> {
  return ifExists(file, readFile(file, 'utf8'));
}

/** Resolves to null if the path does not exist; throws a ProjectError if it cannot be read. */
async function ifExists<Value>(path: string, access: Promise<Value>): Promise<Value | null> {
  try {
    return await access;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const reason = REASONS[code ?? ''] ?? `${message}. Make it readable.`;
    throw new ProjectError(`Cannot read ${path}: ${reason}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied. Allow your user to read it.',
  EISDIR: 'it is a folder. Replace it with a file.',
  EPERM: 'permission denied. Allow your user to read it.',
};

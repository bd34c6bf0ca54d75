/** Folders beside an agent's code that are no part of it: they are rebuilt, or belong to tools. */
export const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.agentcore',
  '__pycache__',
  '.venv',
  'venv',
]);

/** Folders that are not part of an agent's code: they are generated or belong to tools. */
export const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.agentcore',
  '__pycache__',
  '.venv',
  'venv',
]);

/**
 * Returns the files that can start an agent, in order of preference: its entrypoint, then the
 * TypeScript source of that. The official CLI names main.js, and builds it from main.ts only when it
 * packages the agent.
 */
export function entrypointFiles(entrypoint: string): readonly [string, ...string[]] {
  // "main.py:app" names an object in the file, which only AWS's loader uses.
  const file = entrypoint.replace(/:[A-Za-z_]\w*$/, '');
  const source = file.replace(/\.([cm]?)js$/, '.$1ts');
  return source === file ? [file] : [file, source];
}

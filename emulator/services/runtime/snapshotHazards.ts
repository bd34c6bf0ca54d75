import type { SnapshotHazard } from '../../../src/shared/session.ts';
import type { LoadCall, LoadedModule, LoadReport } from '../../compute/compute.ts';

type Kind = SnapshotHazard['kind'];

/** Packages whose only purpose is to make IDs or random values. Calls of others are their own matter. */
const ID_PACKAGES = new Set(
  `uuid nanoid ulid ulidx cuid @paralleldrive/cuid2 short-uuid crypto-random-string ksuid
   shortuuid ulid-py python-ulid cuid2 uuid6 uuid_utils`.split(/\s+/),
);

/** Standard libraries, which the preload scripts name like packages. */
const PLATFORMS = new Set(['node', 'python']);

/** Part of a URL that names credentials. */
const TOKEN_URL = /token|oauth|credential|login|\/\/sts\./i;

/** Lines of this length are minified code, which cannot be attributed to the program or a package. */
const MINIFIED_LENGTH = 2_000;

const FIXES: Readonly<Record<Kind, string>> = {
  random: 'Compute it in the handler.',
  uuid: 'Compute it in the handler.',
  timestamp: 'Read the clock in the handler.',
  connection: 'Open it in the handler, or reconnect when it fails.',
  token: 'Fetch it in the handler, and again before it expires.',
  dns: 'Resolve the name in the handler.',
};

const SHARED: Readonly<Record<Kind, string>> = {
  random: 'share this value',
  uuid: 'share this value',
  timestamp: 'share this time, which is that of the snapshot',
  connection: 'are restored with this connection, which is closed by then',
  token: 'share the response, which may have expired',
  dns: 'share this address, which may have changed',
};

/** Returns what two sessions would share that AWS restored from one snapshot of the loaded program. */
export function findSnapshotHazards({ calls, modules }: LoadReport): SnapshotHazard[] {
  const lines = new Map(modules.map(({ file, text }) => [file, text.split('\n')]));
  const found = [
    ...calls.flatMap((call) => judgeCall(call, lines) ?? []),
    ...modules.flatMap(judgeModule),
  ];
  const byMessage = new Map(found.map((hazard) => [hazard.message, hazard]));
  return [...byMessage.values()];
}

function judgeCall(
  call: LoadCall,
  lines: ReadonlyMap<string, readonly string[]>,
): SnapshotHazard | null {
  const kind = kindOf(call);
  const { place } = call;
  if (kind === null) return null;
  if (call.package !== null && call.fillsCache && !ID_PACKAGES.has(call.package)) {
    return describeCache(call);
  }
  if (place === null) return null;
  const source = lines.get(place.file);
  const line = source?.[place.line - 1] ?? '';
  if (isLogCall(line) || isBundledPackage(source ?? [], place.line)) return null;
  if (kind === 'timestamp' && isDuration(line, call)) return null;
  if (kind === 'connection' && !call.isOpen) return null;
  return hazard(kind, call);
}

/** Returns the kind of hazard that a call may be; null for a package's own use of a function. */
function kindOf({ call, package: called, target, fillsCache }: LoadCall): Kind | null {
  if (/^(?:fetch\(\)|http request)$/.test(call)) {
    if (TOKEN_URL.test(target ?? '')) return 'token';
    return call === 'fetch()' ? 'connection' : null;
  }
  if (call.endsWith('connect()')) return 'connection';
  const isOwn = called === null || ID_PACKAGES.has(called);
  if (!isOwn && !fillsCache) return null;
  if (call === 'get_frozen_credentials()') return 'token';
  if (/uuid/i.test(call)) return 'uuid';
  if (/^(?:Date|time)\./.test(call)) return 'timestamp';
  return /^(?:dns|socket)\./.test(call) ? 'dns' : 'random';
}

/** The value of a log line or an error message is not kept. */
function isLogCall(line: string): boolean {
  return /^\s*(?:print|console\.\w+|(?:self\.|this\.)?_?log(?:ger|ging)?(?:\.\w+)*)\s*\(/i.test(
    line,
  );
}

/** True for a time that only measures how long something takes, or that ends with its function. */
function isDuration(line: string, { inFunction }: LoadCall): boolean {
  if (
    /(?:Date\.now|time\.time(?:_ns)?)\(\)\s*-|-\s*(?:Date\.now|time\.time(?:_ns)?)\(\)/.test(line)
  ) {
    return true;
  }
  return inFunction !== null && /^\s*(?:(?:const|let|var)\s+)?\w+\s*=(?!=)/.test(line);
}

/** esbuild marks the modules of a bundle with comments. */
function isBundledPackage(lines: readonly string[], line: number): boolean {
  if ((lines[line - 1]?.length ?? 0) > MINIFIED_LENGTH) return true;
  for (let index = line - 1; index >= 0; index -= 1) {
    const [, file] = /^\s*\/\/ (\S+\.[cm]?[jt]sx?)$/.exec(lines[index] ?? '') ?? [];
    if (file !== undefined) return file.includes('node_modules/');
  }
  return false;
}

/** Finds values that no recorded call shows, by the statements at the top level of a module. */
function judgeModule({ file, text }: LoadedModule): SnapshotHazard[] {
  const lines = text.split('\n');
  const isPython = file.endsWith('.py');
  return lines.flatMap((line, index) => {
    const place = { file, line: index + 1 };
    if (line.length > MINIFIED_LENGTH || isBundledPackage(lines, index + 1)) return [];
    const time = isPython ? readPythonTime(line) : readNodeTime(line);
    if (time !== null) return [hazard('timestamp', { call: time, place, package: null })];
    if (isPython && keepsRandomState(line, text)) return [describeRandomState(place)];
    return [];
  });
}

function readPythonTime(line: string): string | null {
  const assignment =
    /^\w+(?:\s*:[^=]+)?\s*=(?!=)(?!\s*lambda).*?\b(datetime\.(?:now|utcnow)|date\.today)\(/;
  const [, call] = assignment.exec(line) ?? [];
  return call === undefined ? null : `${call}()`;
}

function readNodeTime(line: string): string | null {
  const assignment =
    /^(?:export\s+)?(?:const|let|var)\s+[^=]+=(?!.*(?:=>|\bfunction\b)).*?(new Date\(\)|performance\.timeOrigin\b)/;
  return assignment.exec(line)?.[1] ?? null;
}

function keepsRandomState(line: string, text: string): boolean {
  return (
    /^(?:import random\b|from random import )/.test(line) && !/\bseed\(|SystemRandom/.test(text)
  );
}

interface Subject extends Pick<LoadCall, 'call' | 'place' | 'package'> {
  readonly target?: string | null;
}

function hazard(
  kind: Kind,
  { call, place, package: called, target = null }: Subject,
): SnapshotHazard {
  const through = called === null || PLATFORMS.has(called) ? '' : ` through ${called}`;
  const to = target === null ? '' : ` to ${withoutQuery(target)}`;
  return {
    kind,
    call,
    file: place?.file ?? null,
    line: place?.line ?? null,
    message: `${call}${to}${through} at ${place?.file}:${place?.line} runs while the agent loads. On platform V2, all sessions of a version ${SHARED[kind]}. ${FIXES[kind]}`,
  };
}

function describeCache({ call, package: called }: LoadCall): SnapshotHazard {
  return {
    kind: 'uuid',
    call,
    file: null,
    line: null,
    message: `The package ${called} calls ${call} while the agent loads, and Node keeps random bytes for the next UUIDs. On platform V2, all sessions of a version get the same next UUIDs. Call crypto.randomUUID({ disableEntropyCache: true }) in the handler.`,
  };
}

function describeRandomState(place: {
  readonly file: string;
  readonly line: number;
}): SnapshotHazard {
  return {
    kind: 'random',
    call: 'random',
    ...place,
    message: `The module random at ${place.file}:${place.line} is seeded while the agent loads. On platform V2, all sessions of a version draw the same numbers. Use secrets or random.SystemRandom, or call random.seed() when a session begins.`,
  };
}

/** A query may contain a secret. */
function withoutQuery(target: string): string {
  return target.replace(/[?#].*$/, '');
}

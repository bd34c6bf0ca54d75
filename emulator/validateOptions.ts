import { isLoopback } from '../src/shared/loopback.ts';
import { requireCompute } from './compute/computeMode.ts';
import { OptionError } from './optionError.ts';
import type { EmulatorOptions } from './options.ts';

/** Throws an OptionError where options contradict each other or cannot be met. */
export function validateOptions(options: EmulatorOptions): void {
  refuseOpenHost(options);
  refuseLongIdleTimeout(options);
  refuseUnverifiedCallers(options);
  for (const source of options.agents) requireCompute(options.compute, source);
}

/** An emulator that other machines can reach requires a token. */
function refuseOpenHost({ host = '127.0.0.1', token }: EmulatorOptions): void {
  if (token !== undefined || isLoopback(host)) return;
  throw new OptionError(
    `host: ${host} can be reached from other machines; protect it with --token T, or bind to 127.0.0.1`,
  );
}

/** AWS has the same rule for a runtime's life-cycle settings. */
function refuseLongIdleTimeout({ idleTimeout = 0, maxLifetime = Infinity }: EmulatorOptions): void {
  if (idleTimeout <= maxLifetime) return;
  throw new OptionError(
    `idle-timeout: ${idleTimeout} s is more than the ${maxLifetime} s of max-lifetime; a session cannot idle longer than it lives`,
  );
}

/** A caller that is identified by its access key requires that signatures are verified. */
function refuseUnverifiedCallers({ callers = [], accessKeys = [] }: EmulatorOptions): void {
  const known = accessKeys.map(({ id }) => id);
  for (const { identity } of callers) {
    if ('agent' in identity || known.includes(identity.accessKeyId)) continue;
    throw new OptionError(
      known.length === 0
        ? `callers: the access key ${identity.accessKeyId} is known by its signatures, and none are verified; start with --auth sigv4, and --credentials FILE for several keys`
        : `callers: the access key ${identity.accessKeyId} is none of those by which signatures are verified, which are ${known.join(', ')}`,
    );
  }
}

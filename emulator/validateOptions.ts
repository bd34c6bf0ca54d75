import { TOKEN_CHARACTERS, TOKEN_FORM } from '../src/shared/emulator.ts';
import { isLoopback } from '../src/shared/loopback.ts';
import { requireCompute } from './compute/computeMode.ts';
import { OptionError } from './optionError.ts';
import type { EmulatorOptions } from './options.ts';

/** Throws an OptionError if options contradict each other or cannot be satisfied. */
export function validateOptions(options: EmulatorOptions): void {
  requireUsableToken(options);
  requireTokenForOpenHost(options);
  requireShorterIdleTimeout(options);
  requireVerifiedCallers(options);
  for (const source of options.agents) requireCompute(options.compute, source);
}

/** An empty token, such as an unset shell variable, would let everybody in. */
function requireUsableToken({ token }: EmulatorOptions): void {
  if (token === undefined || TOKEN_FORM.test(token)) return;
  throw new OptionError('token', `Use ${TOKEN_CHARACTERS}`);
}

/** An emulator that other machines can reach requires a token. */
function requireTokenForOpenHost({ host = '127.0.0.1', token }: EmulatorOptions): void {
  if (token !== undefined || isLoopback(host)) return;
  throw new OptionError(
    'host',
    `${host} can be reached from other machines. Protect it with --token T, or bind to 127.0.0.1`,
  );
}

/** AWS has the same rule for a runtime's life-cycle settings. */
function requireShorterIdleTimeout({
  idleTimeout = 0,
  maxLifetime = Infinity,
}: EmulatorOptions): void {
  if (idleTimeout <= maxLifetime) return;
  throw new OptionError(
    'idleTimeout',
    `${idleTimeout} s exceeds the maximum lifetime (${maxLifetime} s). Use a shorter idle timeout`,
  );
}

/** A caller that is identified by its access key requires that signatures are verified. */
function requireVerifiedCallers({ callers = [], accessKeys = [] }: EmulatorOptions): void {
  const known = accessKeys.map(({ id }) => id);
  for (const { identity } of callers) {
    if ('agent' in identity || known.includes(identity.accessKeyId)) continue;
    throw new OptionError(
      'callers',
      known.length === 0
        ? `signatures of access key ${identity.accessKeyId} are not verified. Start with --auth sigv4, and with --credentials FILE for several keys`
        : `access key ${identity.accessKeyId} is unknown. Known keys: ${known.join(', ')}`,
    );
  }
}

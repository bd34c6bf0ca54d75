import type { TerminalSize } from '../../../compute/compute.ts';

/** The first byte of a frame: what the rest of it is, as Kubernetes numbers it. */
export const CHANNEL = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  status: 3,
  resize: 4,
  heartbeat: 5,
  close: 0xff,
} as const;

/** The largest terminal that systems have. */
const MAX_CHARACTERS = 65_535;

/** What the confirmation of a connection says besides which shell it is. */
export interface ShellConfirmation {
  readonly shellId: string;
  /** Whether the shell was there already. */
  readonly reconnected: boolean;
  /** How much of what it showed meanwhile did not fit into what is kept. */
  readonly bytesDropped: number;
}

/** What a shell showed, in frames of a length that is allowed, their first byte included. */
export function* outputFrames(bytes: Uint8Array, longest: number): Generator<Uint8Array> {
  const most = Math.max(1, longest - 1);
  for (let start = 0; start < bytes.length; start += most) {
    yield frame(CHANNEL.stdout, bytes.subarray(start, start + most));
  }
}

/** Words of ours for whoever sits at the terminal. */
export function diagnosticFrame(message: string): Uint8Array {
  return frame(CHANNEL.stderr, Buffer.from(`${message}\r\n`));
}

/** The first frame of a connection. */
export function confirmationFrame({
  shellId,
  reconnected,
  bytesDropped,
}: ShellConfirmation): Uint8Array {
  const metadata = { shellId, reconnected, ...(bytesDropped > 0 && { bytesDropped }) };
  return status({ metadata, status: 'Success' });
}

/** How a shell ended, as Kubernetes says it. */
export function exitStatusFrame(code: number): Uint8Array {
  if (code === 0) return status({ metadata: {}, status: 'Success' });
  const causes = [{ reason: 'ExitCode', message: String(code) }];
  if (code > 128) causes.push({ reason: 'Signal', message: String(code - 128) });
  return status({
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with exit code ${code}`,
    details: { causes },
  });
}

/** A frame that is nothing but its channel. */
export function channelFrame(channel: 'heartbeat' | 'close'): Uint8Array {
  return frame(CHANNEL[channel], new Uint8Array());
}

/** The size that a client asks for, of which either may be 0 as it is not known; null where it is none. */
export function readSize(payload: Uint8Array): TerminalSize | null {
  try {
    const { width, height } = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<
      string,
      unknown
    >;
    return isDimension(width) && isDimension(height) ? { columns: width, rows: height } : null;
  } catch {
    return null;
  }
}

function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_CHARACTERS;
}

function status(content: object): Uint8Array {
  const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', ...content });
  return frame(CHANNEL.status, Buffer.from(text));
}

function frame(channel: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(payload.length + 1);
  bytes[0] = channel;
  bytes.set(payload, 1);
  return bytes;
}

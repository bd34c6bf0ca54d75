import type { TerminalSize } from '../../../compute/compute.ts';

/** The first byte of a frame identifies its channel, numbered as in Kubernetes. */
export const CHANNEL = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  status: 3,
  resize: 4,
  heartbeat: 5,
  close: 0xff,
} as const;

/** Maximum width and height of a terminal. */
const MAX_CHARACTERS = 65_535;

/** The content of the frame that confirms a connection. */
export interface ShellConfirmation {
  readonly shellId: string;
  /** True if the shell existed already. */
  readonly reconnected: boolean;
  /** Bytes of output that were lost while no client was connected. */
  readonly bytesDropped: number;
}

/** Splits a shell's output into frames of at most the given length, including the channel byte. */
export function* outputFrames(bytes: Uint8Array, maxLength: number): Generator<Uint8Array> {
  const payloadLength = Math.max(1, maxLength - 1);
  for (let start = 0; start < bytes.length; start += payloadLength) {
    yield frame(CHANNEL.stdout, bytes.subarray(start, start + payloadLength));
  }
}

/** A message of the emulator for the user of the terminal. */
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

/** The exit status of a shell, in Kubernetes' shape. */
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

/** A frame without a payload. */
export function channelFrame(channel: 'heartbeat' | 'close'): Uint8Array {
  return frame(CHANNEL[channel], new Uint8Array());
}

/** Parses the size that a client requests; null if it is invalid. A dimension is 0 if unknown. */
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

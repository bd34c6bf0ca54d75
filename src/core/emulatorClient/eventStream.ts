import { setTimeout } from 'node:timers/promises';
import type { EmulatorEvent } from '../../shared/emulator.ts';
import type { AdminClient } from './adminClient.ts';

/** Receives the events and the state of an event stream. */
export interface EventStreamListener {
  /** The stream is open. Events are delivered after this resolves; a rejection reconnects. */
  onOpen(signal: AbortSignal): Promise<void>;
  onEvent(event: EmulatorEvent): void;
  /** The stream ended, or could not be opened. It is opened again after a delay. */
  onClosed(): void;
}

const FIRST_RETRY_MILLISECONDS = 1000;
const MAX_RETRY_MILLISECONDS = 8000;

/** Reads an emulator's events, reconnecting until the returned function is called. */
export function openEventStream(
  client: AdminClient,
  types: readonly EmulatorEvent['type'][],
  listener: EventStreamListener,
): () => void {
  const closed = new AbortController();
  void run(closed.signal);
  return () => closed.abort();

  async function run(signal: AbortSignal): Promise<void> {
    let retry = FIRST_RETRY_MILLISECONDS;
    while (!signal.aborted) {
      const connection = new AbortController();
      const combined = AbortSignal.any([signal, connection.signal]);
      try {
        const events = await client.events(types, combined);
        await listener.onOpen(combined);
        retry = FIRST_RETRY_MILLISECONDS;
        for await (const event of events) listener.onEvent(event);
      } catch {
        // The emulator is unreachable or the connection broke. Both are reported as `onClosed`.
      } finally {
        connection.abort();
      }
      if (signal.aborted) return;
      listener.onClosed();
      await setTimeout(retry, undefined, { signal, ref: false }).catch(() => {});
      retry = Math.min(retry * 2, MAX_RETRY_MILLISECONDS);
    }
  }
}

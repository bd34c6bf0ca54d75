import { createParser } from 'eventsource-parser';
import type { ClockReading, EmulatorEvent } from '../../shared/emulator.ts';

/** Reports an emulator's clock now and after every change, until the signal or the emulator ends. */
export async function followClock(
  url: string,
  onReading: (clock: ClockReading) => void,
  signal: AbortSignal,
): Promise<void> {
  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data) as EmulatorEvent;
      if (event.type === 'clock') onReading(event.clock);
    },
  });
  try {
    // The stream opens first, so that no change is missed between the two requests.
    const { body } = await fetch(`${url}/_emulator/events?type=clock`, { signal });
    const response = await fetch(`${url}/_emulator/clock`, { signal });
    onReading((await response.json()) as ClockReading);
    const decoder = new TextDecoder();
    for await (const bytes of body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  } catch {
    // The emulator ended, or the caller stopped following it.
  }
}

import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/** Calls engines over tracked connections and with a time limit. */
export interface EngineCalls {
  readonly agent: Agent;
  /**
   * Limits the time until each response begins, except for calls with their own abort signal. A
   * streamed response may take longer.
   */
  limit(modem: Modem): void;
  /** Aborts all pending calls and rejects later ones. */
  abort(): void;
}

/** The part of dockerode that every call to an engine passes through. */
interface Modem {
  dial(
    call: { readonly abortSignal?: AbortSignal | undefined },
    callback: (error: Error | null, answer: unknown) => void,
  ): void;
}

/** Time for an engine to begin its response. */
const CALL_SECONDS = 120;

/** Ensures that no call waits for an engine forever. */
export function createEngineCalls(): EngineCalls {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Duplex>();
  let closed = false;

  // All sockets are tracked, because the agent forgets those that were upgraded.
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (!socket) return socket;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (closed) socket.destroy();
    return socket;
  };

  return {
    agent,
    limit(modem) {
      const dial = modem.dial.bind(modem);
      modem.dial = (call, callback) => {
        if (closed) return callback(new Error('the emulator was closed'), null);
        if (call.abortSignal) return dial(call, callback);
        const limit = new AbortController();
        const timer = setTimeout(() => limit.abort(), CALL_SECONDS * 1000);
        dial({ ...call, abortSignal: limit.signal }, (error, answer) => {
          clearTimeout(timer);
          if (!limit.signal.aborted) callback(error, answer);
          else callback(new Error(`the engine did not respond within ${CALL_SECONDS} s`), null);
        });
      };
    },
    abort() {
      closed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/** How engines are called: by connections of ours, and with a limit. */
export interface EngineCalls {
  readonly agent: Agent;
  /**
   * Gives each call a limit until its answer begins; who sends a signal with it has a limit of their
   * own. An answer that is a stream may go on.
   */
  limit(modem: Modem): void;
  /** Breaks off what engines still owe, and refuses whatever is asked of them later. */
  breakOff(): void;
}

/** What dockerode calls an engine by; each of its calls goes through this one function. */
interface Modem {
  dial(
    call: { readonly abortSignal?: AbortSignal | undefined },
    callback: (error: Error | null, answer: unknown) => void,
  ): void;
}

/** How long an engine may take for what it does at once when it is well. */
const PATIENCE_SECONDS = 120;

/** Sees to it that nobody waits for an engine for ever. */
export function createEngineCalls(): EngineCalls {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Duplex>();
  let over = false;

  // All of them are kept, because what was upgraded to another protocol is the agent's no more.
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (!socket) return socket;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (over) socket.destroy();
    return socket;
  };

  return {
    agent,
    limit(modem) {
      const dial = modem.dial.bind(modem);
      modem.dial = (call, callback) => {
        if (over) return callback(new Error('the emulator was closed'), null);
        if (call.abortSignal) return dial(call, callback);
        const limit = new AbortController();
        const timer = setTimeout(() => limit.abort(), PATIENCE_SECONDS * 1000);
        dial({ ...call, abortSignal: limit.signal }, (error, answer) => {
          clearTimeout(timer);
          if (!limit.signal.aborted) callback(error, answer);
          else callback(new Error(`the engine gave no answer in ${PATIENCE_SECONDS} s`), null);
        });
      };
    },
    breakOff() {
      over = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

import type { ListenerKind } from './admission.ts';
import { bindPort, type Port, type RequestListeners } from './port.ts';

/** The emulator's address, which is known before it handles requests. */
export interface ServerAddress {
  readonly port: number;
  /** The base URL for the operator, with the token if there is one. */
  readonly url: string;
  /** The base URL on this machine without the token, for agents. */
  readonly localUrl: string;
}

/** The emulator's port and its additional listeners for containers. */
export interface Server extends ServerAddress {
  /** Opens a listener at an address that containers can reach. */
  openContainerListener(address: string): Promise<Pick<Port, 'number' | 'close'>>;
  /** Starts handling requests on all listeners. */
  serve(createListeners: (kind: ListenerKind) => RequestListeners): void;
  close(): Promise<void>;
}

/** Binds the port. Requests wait until `serve`, so the address is known while handlers are created. */
export async function bindServer({
  host,
  port,
  token,
}: {
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
}): Promise<Server> {
  const local = await bindPort({ host, port });
  const serving = Promise.withResolvers<(kind: ListenerKind) => RequestListeners>();
  void serving.promise.then((createListeners) => local.serve(createListeners('local')));
  return {
    port: local.number,
    url: `http://${urlHost(host)}:${local.number}${token === null ? '' : `/@${token}`}`,
    localUrl: `http://${urlHost(reachableHost[host] ?? host)}:${local.number}`,
    async openContainerListener(address) {
      // Prefers the emulator's own port number.
      const listener = await bindPort({ host: address, port: local.number }).catch(() =>
        bindPort({ host: address, port: 0 }),
      );
      listener.serve((await serving.promise)('containers'));
      return listener;
    },
    serve: serving.resolve,
    close: local.close,
  };
}

/** A server on all addresses is reached by loopback from this machine. */
const reachableHost: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

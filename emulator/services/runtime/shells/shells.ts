import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { CannotStartError } from '../../../compute/compute.ts';
import { BEARER_PROTOCOL } from '../../../wire/credential.ts';
import { agentFailed, constraintViolation, quotaExceeded } from '../../../wire/errors.ts';
import { SESSION_HEADER } from '../agentHeaders.ts';
import type { Quotas } from '../../../quotas.ts';
import type { Session } from '../session.ts';
import type { SocketBridge } from '../socketBridge.ts';
import { createShell, type Shell } from './shell.ts';

/** Interactive shells in the machines of sessions, over WebSockets. */
export interface Shells {
  /** Returns the shell id in the query, or a new one. A client repeats an id to reconnect. */
  readId(query: URLSearchParams): string;
  /**
   * Connects a client to a shell of a session, and opens the shell if it does not exist. Calls `onJoin`
   * when connected. Resolves with the outcome when the client disconnects; rejects if it never connects.
   */
  connect(
    session: Session,
    shellId: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    onJoin: (line: SocketBridge) => void,
  ): Promise<string>;
}

const SHELL_ID = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/;
const SHELL_HEADER = 'x-amzn-bedrock-agentcore-shell-id';

/** Maximum number of shells, and thus of clients, of a session. */
const MAX_SHELLS = 10;

/** Time for a client to close its connection after the close frame. */
const CLOSE_MILLISECONDS = 1_000;

/** A shell, which may still be opening, and the number of its connected or connecting clients. */
interface ShellSlot {
  readonly shell: Promise<Shell>;
  clients: number;
}

/** The shells of a session run by id, ordered by the time of their last disconnect. */
type ShellSlots = Map<string, ShellSlot>;

/** Creates the shells of all sessions. */
export function createShells({ frame }: Pick<Quotas, 'frame'>): Shells {
  const bySession = new WeakMap<Session, ShellSlots>();
  const responseHeaders = new WeakMap<IncomingMessage, Readonly<Record<string, string>>>();
  let server: Promise<WebSocketServer> | undefined;

  async function createServer(): Promise<WebSocketServer> {
    const { WebSocketServer: Server } = await import('ws');
    const created = new Server({
      noServer: true,
      maxPayload: frame,
      // A browser sends its bearer token as a subprotocol and expects this one to be chosen.
      handleProtocols: (offered) =>
        offered.has(BEARER_PROTOCOL) ? BEARER_PROTOCOL : ([...offered][0] ?? false),
    });
    created.on('headers', (lines, request) => {
      for (const [name, value] of Object.entries(responseHeaders.get(request) ?? {})) {
        lines.push(`${name}: ${value}`);
      }
    });
    return created;
  }

  async function upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    headers: Readonly<Record<string, string>>,
  ): Promise<WebSocket> {
    const created = await (server ??= createServer());
    responseHeaders.set(request, headers);
    // If the handshake fails or the client disconnects, the callback is not called; the socket closes.
    return new Promise((resolve) => created.handleUpgrade(request, socket, head, resolve));
  }

  function slotsOf(session: Session): ShellSlots {
    const slots = bySession.get(session) ?? new Map<string, ShellSlot>();
    bySession.set(session, slots);
    return slots;
  }

  /** Counts a client of a shell, and opens the shell if it does not exist. */
  function acquireSlot(session: Session, shellId: string): ShellSlot {
    const slots = slotsOf(session);
    const existing = slots.get(shellId);
    const inUse = [...slots.values()].filter(({ clients }) => clients > 0);
    if (inUse.length >= MAX_SHELLS && !inUse.includes(existing!)) {
      throw quotaExceeded(
        `${MAX_SHELLS} clients are connected to shells of this session, which is the maximum. Disconnect one first.`,
      );
    }
    if (!existing && slots.size >= MAX_SHELLS) endLongestDisconnected(session, slots);
    const slot = existing ?? { shell: open(session, shellId), clients: 0 };
    slot.clients += 1;
    if (existing) return slot;
    slots.set(shellId, slot);
    const forget = () => {
      if (slots.get(shellId) === slot) slots.delete(shellId);
    };
    slot.shell.then(({ ended }) => ended.then(forget), forget);
    return slot;
  }

  function releaseSlot(session: Session, shellId: string, slot: ShellSlot): void {
    slot.clients -= 1;
    const slots = slotsOf(session);
    if (slots.get(shellId) !== slot) return;
    slots.delete(shellId);
    slots.set(shellId, slot);
  }

  // Without this, abandoned shells would accumulate.
  function endLongestDisconnected(session: Session, slots: ShellSlots): void {
    const [shellId, { shell }] = [...slots].find(([, { clients }]) => clients === 0)!;
    slots.delete(shellId);
    session.record({
      type: 'note',
      message: `Shell ${shellId} was closed. No client is connected to it, and a session has at most ${MAX_SHELLS} shells.`,
    });
    void shell.then(({ end }) => end());
  }

  async function open(session: Session, shellId: string): Promise<Shell> {
    try {
      const terminal = await session.instance.openTerminal();
      session.record({ type: 'note', message: `Shell ${shellId} was opened.` });
      return createShell(shellId, terminal, frame, async () => {
        const { reason } = session.life();
        return reason === null ? session.explainEnd() : `The session ended: ${reason}.`;
      });
    } catch (error) {
      if (error instanceof CannotStartError)
        throw agentFailed(`The shell did not start: ${error.message}`);
      throw error;
    }
  }

  return {
    readId(query) {
      const shellId = query.get('shellId') ?? randomUUID();
      if (SHELL_ID.test(shellId)) return shellId;
      throw constraintViolation([
        {
          path: 'shellId',
          message: `Value '${shellId}' at 'shellId' failed to satisfy constraint: Member must satisfy regular expression pattern: ${SHELL_ID.source}`,
        },
      ]);
    },
    async connect(session, shellId, request, socket, head, onJoin) {
      // Register first, because the client may disconnect while its shell opens.
      const disconnected = new Promise<never>((_, reject) => {
        socket.once('close', () => reject(new Error('The caller disconnected')));
      });
      disconnected.catch(() => {});
      const slot = acquireSlot(session, shellId);
      try {
        const shell = await slot.shell;
        const headers = { [SESSION_HEADER]: session.id, [SHELL_HEADER]: shellId };
        const client = await Promise.race([disconnected, upgrade(request, socket, head, headers)]);
        const attached = shell.attach(client);
        onJoin({
          close({ code, reason }) {
            client.close(code, `${reason}; reconnect with the same shellId`);
            setTimeout(() => client.terminate(), CLOSE_MILLISECONDS).unref();
          },
        });
        return `Shell ${shellId}: ${await attached}`;
      } finally {
        releaseSlot(session, shellId, slot);
      }
    },
  };
}

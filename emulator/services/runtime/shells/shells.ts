import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { CannotStartError } from '../../../compute/compute.ts';
import { BEARER_PROTOCOL } from '../../../wire/credential.ts';
import { agentFailed, constraintViolation, quotaExceeded } from '../../../wire/errors.ts';
import { SESSION_HEADER } from '../agentHeaders.ts';
import type { Quotas } from '../quotas.ts';
import type { Session } from '../session.ts';
import type { SocketBridge } from '../socketBridge.ts';
import { createShell, type Shell } from './shell.ts';

/** Interactive shells in sessions' machines, which clients reach by web sockets. */
export interface Shells {
  /** Which shell a client asks for: it may name one, to come back to it. */
  readId(query: URLSearchParams): string;
  /**
   * Leads a client to a shell of a session, which is opened where there is none of that name. Tells when
   * they are joined; resolves, with the words for it, when the client is gone; rejects if it never got there.
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

/** As many shells a session has, and so as many clients of them. */
const MAX_SHELLS = 10;

/** How long a client may take to leave once it was told to. */
const CLOSE_MILLISECONDS = 1_000;

/** A shell, if only as it is opened, and how many are connected to it or about to be. */
interface ShellSlot {
  readonly shell: Promise<Shell>;
  clients: number;
}

/** The shells in one life of a session, by name: first the one that was left the longest time ago. */
type ShellSlots = Map<string, ShellSlot>;

/** Sessions without shells. */
export function createShells({ frame }: Pick<Quotas, 'frame'>): Shells {
  const bySession = new WeakMap<Session, ShellSlots>();
  const answers = new WeakMap<IncomingMessage, Readonly<Record<string, string>>>();
  let server: Promise<WebSocketServer> | undefined;

  async function makeServer(): Promise<WebSocketServer> {
    const { WebSocketServer: Server } = await import('ws');
    const made = new Server({
      noServer: true,
      maxPayload: frame,
      // A browser says its bearer token in a protocol's name, and offers this one to be chosen.
      handleProtocols: (offered) =>
        offered.has(BEARER_PROTOCOL) ? BEARER_PROTOCOL : ([...offered][0] ?? false),
    });
    made.on('headers', (lines, request) => {
      for (const [name, value] of Object.entries(answers.get(request) ?? {})) {
        lines.push(`${name}: ${value}`);
      }
    });
    return made;
  }

  async function upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    headers: Readonly<Record<string, string>>,
  ): Promise<WebSocket> {
    const made = await (server ??= makeServer());
    answers.set(request, headers);
    // Where it is refused, or the client is gone, nobody is called back: the socket closes.
    return new Promise((resolve) => made.handleUpgrade(request, socket, head, resolve));
  }

  function placesOf(session: Session): ShellSlots {
    const places = bySession.get(session) ?? new Map<string, ShellSlot>();
    bySession.set(session, places);
    return places;
  }

  /** Takes a place at the shell of that name, which is opened if need be. */
  function enter(session: Session, shellId: string): ShellSlot {
    const places = placesOf(session);
    const present = places.get(shellId);
    const held = [...places.values()].filter(({ clients }) => clients > 0);
    if (held.length >= MAX_SHELLS && !held.includes(present!)) {
      throw quotaExceeded(
        `${MAX_SHELLS} clients are connected to shells of this session, and it takes no more`,
      );
    }
    if (!present && places.size >= MAX_SHELLS) endIdlest(session, places);
    const place = present ?? { shell: open(session, shellId), clients: 0 };
    place.clients += 1;
    if (present) return place;
    places.set(shellId, place);
    const forget = () => {
      if (places.get(shellId) === place) places.delete(shellId);
    };
    place.shell.then(({ ended }) => ended.then(forget), forget);
    return place;
  }

  function leave(session: Session, shellId: string, place: ShellSlot): void {
    place.clients -= 1;
    const places = placesOf(session);
    if (places.get(shellId) !== place) return;
    places.delete(shellId);
    places.set(shellId, place);
  }

  // Else shells that nobody comes back to would be as many as were ever opened.
  function endIdlest(session: Session, places: ShellSlots): void {
    const [shellId, { shell }] = [...places].find(([, { clients }]) => clients === 0)!;
    places.delete(shellId);
    session.record({
      type: 'note',
      message: `shell ${shellId} is ended: nobody is connected to it, and a session has ${MAX_SHELLS} at most`,
    });
    void shell.then(({ end }) => end());
  }

  async function open(session: Session, shellId: string): Promise<Shell> {
    try {
      const terminal = await session.instance.openTerminal();
      session.record({ type: 'note', message: `shell ${shellId} was opened` });
      return createShell(shellId, terminal, frame, async () => {
        const { reason } = session.life();
        return reason === null ? session.explainEnd() : `The session ended: ${reason}.`;
      });
    } catch (error) {
      if (error instanceof CannotStartError) throw agentFailed(`No shell: ${error.message}`);
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
      // First of all: who leaves while a shell is opened has left before there is a web socket.
      const left = new Promise<never>((_, reject) => {
        socket.once('close', () => reject(new Error('the caller went away')));
      });
      left.catch(() => {});
      const place = enter(session, shellId);
      try {
        const shell = await place.shell;
        const headers = { [SESSION_HEADER]: session.id, [SHELL_HEADER]: shellId };
        const client = await Promise.race([left, upgrade(request, socket, head, headers)]);
        const attached = shell.attach(client);
        onJoin({
          close({ code, reason }) {
            client.close(code, `${reason}; connect again with the same shellId`);
            setTimeout(() => client.terminate(), CLOSE_MILLISECONDS).unref();
          },
        });
        return `shell ${shellId}: ${await attached}`;
      } finally {
        leave(session, shellId, place);
      }
    },
  };
}

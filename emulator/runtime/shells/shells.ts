import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../clock.ts';
import { CannotStart } from '../../compute/compute.ts';
import { BEARER_PROTOCOL } from '../../wire/credential.ts';
import { agentFailed, constraintViolation, quotaExceeded } from '../../wire/errors.ts';
import { SESSION_HEADER } from '../agentHeaders.ts';
import type { Session } from '../session.ts';
import { LONGEST_FRAME } from './frames.ts';
import { createShell, type Shell } from './shell.ts';

/** Interactive shells in sessions' machines, which clients reach by web sockets. */
export interface Shells {
  /** Which shell a client asks for: it may name one, to come back to it. */
  readId(query: URLSearchParams): string;
  /**
   * Leads a client to a shell of a session, which is opened where there is none of that name. Resolves,
   * with the words for it, when the client is gone; rejects if it never got there.
   */
  connect(
    session: Session,
    shellId: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<string>;
}

const SHELL_ID = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/;
const SHELL_HEADER = 'x-amzn-bedrock-agentcore-shell-id';

/** As many clients a session takes; shells that nobody is connected to are not counted. */
const MOST_CLIENTS = 10;

/** How long a connection lasts at most. */
const CONNECTION_MILLISECONDS = 60 * 60 * 1000;

/** Who is closed so is to connect again. */
const GOING_AWAY = 1001;

/** What there is in one life of a session. */
interface Beside {
  readonly shells: Map<string, Promise<Shell>>;
  clients: number;
}

/** Sessions without shells. */
export function createShells({ clock }: { clock: Clock }): Shells {
  const bySession = new WeakMap<Session, Beside>();
  const answers = new WeakMap<IncomingMessage, Readonly<Record<string, string>>>();
  let server: Promise<WebSocketServer> | undefined;

  async function makeServer(): Promise<WebSocketServer> {
    const { WebSocketServer: Server } = await import('ws');
    const made = new Server({
      noServer: true,
      maxPayload: LONGEST_FRAME,
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

  function shellsOf(session: Session): Beside {
    const beside = bySession.get(session) ?? { shells: new Map(), clients: 0 };
    bySession.set(session, beside);
    return beside;
  }

  function find({ shells }: Beside, session: Session, shellId: string): Promise<Shell> {
    const present = shells.get(shellId);
    if (present) return present;
    const opening = open(session, shellId);
    shells.set(shellId, opening);
    const forget = () => shells.delete(shellId);
    opening.then(({ ended }) => ended.then(forget), forget);
    return opening;
  }

  async function open(session: Session, shellId: string): Promise<Shell> {
    try {
      const terminal = await session.instance.openTerminal();
      session.record({ type: 'note', message: `shell ${shellId} was opened` });
      return createShell(shellId, terminal, async () => {
        const { reason } = session.life();
        return reason === null ? session.lastWords() : `The session ended: ${reason}.`;
      });
    } catch (error) {
      if (error instanceof CannotStart) throw agentFailed(`No shell: ${error.message}`);
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
    async connect(session, shellId, request, socket, head) {
      // First of all: who leaves while a shell is opened has left before there is a web socket.
      const left = new Promise<never>((_, reject) => {
        socket.once('close', () => reject(new Error('the caller went away')));
      });
      left.catch(() => {});
      const beside = shellsOf(session);
      const present = await beside.shells.get(shellId);
      if (beside.clients >= MOST_CLIENTS && !present?.isAttached()) {
        throw quotaExceeded(
          `${MOST_CLIENTS} clients are connected to shells of this session, and it takes no more`,
        );
      }
      beside.clients += 1;
      try {
        const shell = await find(beside, session, shellId);
        const headers = { [SESSION_HEADER]: session.id, [SHELL_HEADER]: shellId };
        const client = await Promise.race([left, upgrade(request, socket, head, headers)]);
        const cancel = clock.at(clock.now() + CONNECTION_MILLISECONDS, () => {
          client.close(
            GOING_AWAY,
            'a connection lasts an hour; connect again with the same shellId',
          );
        });
        const outcome = await shell.attach(client);
        cancel();
        return `shell ${shellId}: ${outcome}`;
      } finally {
        beside.clients -= 1;
      }
    },
  };
}

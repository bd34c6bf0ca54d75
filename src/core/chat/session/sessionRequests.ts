import type { MachineRecords } from '../../../shared/chat/machineRecord.ts';
import type { HostMessage } from '../../../shared/chat/hostMessage.ts';
import type { SessionModels } from '../../../shared/chat/sessionModels.ts';
import type { SessionRequest } from '../../../shared/schemas/viewMessage.ts';
import type { AgentRegistry } from '../../agents/agentRegistry.ts';
import type { TargetConnection } from '../../agents/targetConnection.ts';
import { describeFailure } from '../../invocation/failure.ts';
import type { CodeEditor } from '../code/codeEditor.ts';
import type { ConversationController } from '../conversations/conversationController.ts';
import type { HandlerContext, MessageHandlers } from '../handlers.ts';

/** Handlers of requests about the conversation's session. */
export function sessionHandlers(
  { state, newId, attempt }: HandlerContext,
  {
    controller,
    connect,
    editor,
  }: {
    readonly controller: ConversationController;
    readonly connect: AgentRegistry['connect'];
    readonly editor: CodeEditor | null;
  },
): MessageHandlers<SessionRequest> {
  async function readMachines(): Promise<MachineRecords | null> {
    const session = controller.session();
    return session && connect(session.target).readMachines(session.sessionId);
  }

  /** Replies with the session's model backend after an action, and with the action's error. */
  async function showModels(
    reply: (answer: HostMessage) => void,
    act: (of: { connection: TargetConnection; sessionId: string }) => Promise<void>,
  ): Promise<void> {
    const { sessionId } = state();
    let problem: string | null = null;
    let models: SessionModels | null = null;
    try {
      const session = controller.session();
      if (session) {
        const connection = connect(session.target);
        await act({ connection, sessionId }).catch((error: unknown) => {
          problem = describeFailure(error).message;
        });
        models = await connection.readModels(sessionId);
      }
    } catch (error) {
      problem = describeFailure(error).message;
    }
    reply({ type: 'models', sessionId, models, problem });
  }

  return {
    newSession: () => controller.identify({ actorId: state().actorId, sessionId: newId() }),
    identify: ({ actorId, sessionId }) => controller.identify({ actorId, sessionId }),
    stopSession: () =>
      attempt('The session could not be stopped', async () => {
        const session = controller.session();
        if (session) await connect(session.target).stopSession(session.sessionId);
      }),
    openPreview: ({ port }) =>
      attempt('The preview could not be opened', async () => {
        const { session } = state();
        const servers = 'servers' in session ? session.servers : undefined;
        if (!servers?.pages) throw new Error('the session has no pages that can be opened');
        await editor?.openPage(servers.pages, port, servers.url);
      }),
    showModels: (_, reply) => void showModels(reply, () => Promise.resolve()),
    chooseModel: ({ model }, reply) =>
      void showModels(reply, ({ connection, sessionId }) =>
        connection.chooseModel(sessionId, model),
      ),
    showMachines(_, reply) {
      const { sessionId } = state();
      const show = (records: MachineRecords | null) =>
        reply({ type: 'machines', sessionId, records });
      // The emulator may stop while the records are read.
      readMachines().then(show, () => show(null));
    },
  };
}

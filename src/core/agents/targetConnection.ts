import type { MachineRecords } from '../../shared/chat/machineRecord.ts';
import type { SessionModels } from '../../shared/chat/sessionModels.ts';
import type { CallOptions, ProtocolClient } from './protocolClient.ts';
import type { ChatActivity, SessionReading } from './session.ts';

/** Connection to one agent, local or deployed, shared by everything that calls it. */
export interface TargetConnection {
  /** Creates the client of one session for one chat. */
  createClient(options: CallOptions): ProtocolClient;
  /**
   * Reports the state of a session now and after every change, until the returned function is
   * called; null while the state is unavailable.
   */
  followSession(
    sessionId: string,
    onReading: (reading: SessionReading | null) => void,
    activity: ChatActivity,
  ): () => void;
  /** Logs and timelines of a session's latest runs, oldest first; null if they are unavailable. */
  readMachines(sessionId: string): Promise<MachineRecords | null>;
  /** The model backend of a session; null if this program does not choose it, as in AWS. */
  readModels(sessionId: string): Promise<SessionModels | null>;
  /** Chooses a session's model backend; null for the agent's. Rejects if it cannot be used. */
  chooseModel(sessionId: string, model: string | null): Promise<void>;
  /** Terminates a session; rejects with the service's own error. */
  stopSession(sessionId: string): Promise<void>;
}

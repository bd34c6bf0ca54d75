/** Identifies a session of an emulator. */
export interface SessionKey {
  readonly runtimeId: string;
  readonly sessionId: string;
}

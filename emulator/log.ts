/** What a part of the emulator may say to the person who runs it; `vscode.LogOutputChannel` satisfies it. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

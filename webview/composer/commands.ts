/** A command that the user types after a slash. */
export interface SlashCommand {
  /** Without the slash. */
  readonly name: string;
  /** Short description. */
  readonly title: string;
  /** Why the command is unavailable; null if it can run. */
  readonly unavailableReason: string | null;
  readonly run: () => void;
}

/** Commands whose name starts with the text, which must begin with a slash. */
export function matchCommands(
  text: string,
  commands: readonly SlashCommand[],
): readonly SlashCommand[] {
  const [, prefix] = /^\/(\S*)$/.exec(text) ?? [];
  if (prefix === undefined) return [];
  return commands.filter(({ name }) => name.startsWith(prefix.toLowerCase()));
}

/** The command that the whole text names; null for any other text, which goes to the agent. */
export function findCommand(text: string, commands: readonly SlashCommand[]): SlashCommand | null {
  return commands.find(({ name }) => text.trim().toLowerCase() === `/${name}`) ?? null;
}

/** What can be done by writing its name after a slash. */
export interface SlashCommand {
  /** Without the slash. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly title: string;
  /** Why it cannot be done now; null where it can. */
  readonly refusal: string | null;
  readonly run: () => void;
}

/** The commands that this may become, in their order; none where it is no beginning of one. */
export function matchCommands(
  text: string,
  commands: readonly SlashCommand[],
): readonly SlashCommand[] {
  const [, begun] = /^\/(\S*)$/.exec(text) ?? [];
  if (begun === undefined) return [];
  return commands.filter(({ name }) => name.startsWith(begun.toLowerCase()));
}

/** The command that this is, whole; null where it is words for an agent, which may have commands too. */
export function findCommand(text: string, commands: readonly SlashCommand[]): SlashCommand | null {
  return commands.find(({ name }) => text.trim().toLowerCase() === `/${name}`) ?? null;
}

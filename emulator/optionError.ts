/** An option of the emulator is invalid. */
export class OptionError extends Error {
  /** The option's name in EmulatorOptions. */
  readonly option: string;
  /** The message without the name, for programs that have another name for the option. */
  readonly problem: string;

  constructor(option: string, problem: string) {
    super(`${option}: ${problem}`);
    this.option = option;
    this.problem = problem;
  }
}

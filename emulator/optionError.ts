/** The emulator's options are invalid. The message is for the user. */
export class OptionError extends Error {}

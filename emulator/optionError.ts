/** A mistake in the emulator's options, in words for the person who set them. */
export class OptionError extends Error {}

import { createConverse } from './converse.ts';
import type { Dialect } from './dialect.ts';

/** All shapes that are understood; of those that an object could be, the first one reads it. */
export const dialects: readonly (() => Dialect)[] = [createConverse];

import * as z from 'zod';
import type { Attachment } from '../attachment.ts';

/** A thumbnail from a view or a file. The page shows it, so it can only be a picture. */
export const thumbnail = z
  .string()
  .max(100_000)
  .regex(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/)
  .nullable();

/** A stored attachment. */
export const attachment = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['image', 'file']),
    id: z.string(),
    name: z.string(),
    mediaType: z.string(),
    size: z.number(),
    thumbnail,
  }),
  z.object({
    type: z.literal('selection'),
    id: z.string(),
    name: z.string(),
    language: z.string(),
    firstLine: z.number(),
    lastLine: z.number(),
    text: z.string(),
  }),
]) satisfies z.ZodType<Attachment>;

import * as z from 'zod';

/** The schema of virtual times in the admin API. */
export const time = z.iso.datetime().describe('virtual time, ISO-8601 UTC');

import * as z from 'zod';

/** The schema of every time in the admin API that is not named real. */
export const time = z.iso.datetime().describe('virtual time, ISO-8601 UTC');

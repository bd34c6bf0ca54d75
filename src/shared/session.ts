// The shapes of the admin API, for modules that need no schema. Times are ISO-8601 in virtual time.
export type {
  ComputeSummary,
  EndReason,
  LogLine,
  ModelCallSummary,
  SessionEndpoint,
  SessionState,
  SessionSummary,
  SnapshotCheck,
  SnapshotHazard,
  StartDeadline,
  TimelineEntry,
} from './schemas/adminApi.ts';

/**
 * The status of a call whose client disconnected before the response. HTTP has none; it is nginx's.
 */
export const CLIENT_CLOSED = 499;
